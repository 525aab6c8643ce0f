package io.middleware.sabotage;

import io.middleware.core.Call;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/** Copies a call with one component changed. By reflection: calls get no method for what only liars need. */
final class ChangedCall {

    private ChangedCall() {}

    static Call of(Call call, String component, Object value) {
        RecordComponent[] components = Call.class.getRecordComponents();
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int each = 0; each < components.length; each++) {
                boolean changed = components[each].getName().equals(component);
                found |= changed;
                values[each] = changed ? value : components[each].getAccessor().invoke(call);
            }
            if (!found) {
                throw new IllegalStateException("a call has no " + component);
            }
            return Call.class
                    .getConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

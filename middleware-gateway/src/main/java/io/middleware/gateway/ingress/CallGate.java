package io.middleware.gateway.ingress;

import io.middleware.core.CallHandler;
import java.util.List;

/**
 * Stands between callers and all that they can call, by each protocol: methods, the gateway's own services and, as calls
 * of paths such as {@code dashboard}, documents. Refuses calls, or lets them pass.
 */
@FunctionalInterface
public interface CallGate {
    /** Lets everything pass, and costs nothing. */
    CallGate NONE = calls -> calls;

    /** Returns a handler that passes on to another the calls that may pass. */
    CallHandler around(CallHandler calls);

    /** One of several gates. Beans of this type are asked in their order; none is there where nothing is configured. */
    @FunctionalInterface
    interface Part {
        /** See {@link CallGate#around}. */
        CallHandler around(CallHandler calls);
    }

    /** Returns a gate of all parts, of which the first is the outermost. */
    static CallGate of(List<Part> parts) {
        if (parts.isEmpty()) {
            return NONE;
        }
        return calls -> {
            CallHandler all = calls;
            for (Part part : parts.reversed()) {
                all = part.around(all);
            }
            return all;
        };
    }
}

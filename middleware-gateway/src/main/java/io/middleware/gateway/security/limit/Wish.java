package io.middleware.gateway.security.limit;

import io.middleware.core.Call;
import io.middleware.core.Priority;
import io.netty.util.AsciiString;

/** The priority that a caller asks for. It may lower the one that the rule gives; a wish for a higher one is not heard. */
final class Wish {
    private static final AsciiString PRIORITY = AsciiString.cached("middleware-priority");
    private static final AsciiString SHEDDABLE = AsciiString.cached("sheddable");
    private static final AsciiString NORMAL = AsciiString.cached("normal");

    private Wish() {}

    static Priority of(Call call) {
        CharSequence wish = call.headers().get(PRIORITY);
        if (wish == null) {
            return call.priority();
        }
        return SHEDDABLE.contentEqualsIgnoreCase(wish)
                ? Priority.SHEDDABLE
                : NORMAL.contentEqualsIgnoreCase(wish) && call.priority() == Priority.CRITICAL
                        ? Priority.NORMAL
                        : call.priority();
    }
}

package io.middleware.gateway.ingress;

/** Knows how many messages the requests of a method have. */
@FunctionalInterface
public interface RequestShape {
    /** Knows no method. */
    RequestShape UNKNOWN = path -> false;

    /** Returns whether a method is known to take exactly one message; {@code path}: {@code /package.Service/Method}. */
    boolean takesOneMessage(String path);
}

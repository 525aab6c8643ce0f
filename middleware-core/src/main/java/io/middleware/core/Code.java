package io.middleware.core;

/** The status codes of gRPC, which the Connect protocol shares; the ordinal is the number on the wire. */
public enum Code {
    OK,
    CANCELLED,
    UNKNOWN,
    INVALID_ARGUMENT,
    DEADLINE_EXCEEDED,
    NOT_FOUND,
    ALREADY_EXISTS,
    PERMISSION_DENIED,
    RESOURCE_EXHAUSTED,
    FAILED_PRECONDITION,
    ABORTED,
    OUT_OF_RANGE,
    UNIMPLEMENTED,
    INTERNAL,
    UNAVAILABLE,
    DATA_LOSS,
    UNAUTHENTICATED;

    private static final Code[] BY_NUMBER = values();

    /** The code with this number; {@link #UNKNOWN} for a number that no code has, as gRPC asks of its clients. */
    public static Code of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }

    /** The code that a {@code grpc-status} value stands for; {@link #UNKNOWN} where it is missing or not a number. */
    public static Code parse(CharSequence grpcStatus) {
        if (grpcStatus == null || grpcStatus.isEmpty() || grpcStatus.length() > 2) {
            return UNKNOWN;
        }
        int number = 0;
        for (int i = 0; i < grpcStatus.length(); i++) {
            int digit = grpcStatus.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return UNKNOWN;
            }
            number = number * 10 + digit;
        }
        return of(number);
    }

    /** Whether a server that answers so asks to be left alone, so that another one may do better. */
    public boolean asksForAnotherInstance() {
        return this == UNAVAILABLE || this == RESOURCE_EXHAUSTED;
    }
}

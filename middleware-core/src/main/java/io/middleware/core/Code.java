package io.middleware.core;

/** The status codes of gRPC, which the Connect protocol shares. The ordinal is the number on the wire. */
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

    /** Returns the code with this number, or {@link #UNKNOWN} if no code has it, as gRPC requires of its clients. */
    public static Code of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : UNKNOWN;
    }

    /** Returns the code for a {@code grpc-status} value, or {@link #UNKNOWN} if that is missing or not a number. */
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

    /** Whether a server that responds with this code refused the call, so that another instance may do better. */
    public boolean asksForAnotherInstance() {
        return this == UNAVAILABLE || this == RESOURCE_EXHAUSTED;
    }
}

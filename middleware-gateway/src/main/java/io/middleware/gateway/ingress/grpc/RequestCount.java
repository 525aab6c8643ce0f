package io.middleware.gateway.ingress.grpc;

import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.gateway.ingress.RequestShape;
import io.netty.buffer.ByteBuf;

/**
 * Counts the messages of a request as their bytes pass, as a method may take exactly one. Asks for the method only when
 * there is another number of them.
 */
final class RequestCount {
    private static final int PREFIX = 5;

    private final RequestShape shape;
    private final String path;
    private int begun;
    private int prefixRead;
    private long length;
    private long left;
    /** The method takes any number. */
    private boolean any;

    /** {@code path}: of the method. */
    RequestCount(RequestShape shape, String path) {
        this.shape = shape;
        this.path = path;
    }

    /** Returns whether the request may have these bytes, which are not changed. */
    boolean allows(ByteBuf bytes) {
        if (any || !isSecondIn(bytes)) {
            return true;
        }
        any = !shape.takesOneMessage(path);
        return any;
    }

    /** Returns whether the request may end. */
    boolean allowsEnd() {
        return begun > 0 || !shape.takesOneMessage(path);
    }

    /** Returns the failure of a request that is not allowed; the code is the one that gRPC prescribes. */
    Failure failure() {
        return new Failure(
                Code.UNIMPLEMENTED,
                "a request of " + (begun == 0 ? "no message" : "several messages") + " to " + path
                        + " (expected: exactly one)");
    }

    private boolean isSecondIn(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        if (begun == 0 && end - at >= PREFIX && bytes.getUnsignedInt(at + 1) == end - at - PREFIX) {
            // one whole message, as most requests are
            begun = 1;
            return false;
        }
        while (at < end) {
            if (left > 0) {
                int some = (int) Math.min(left, end - at);
                at += some;
                left -= some;
            } else {
                if (prefixRead == 0 && ++begun > 1) {
                    return true;
                }
                int octet = bytes.getUnsignedByte(at++);
                length = prefixRead++ == 0 ? 0 : length << 8 | octet;
                if (prefixRead == PREFIX) {
                    prefixRead = 0;
                    left = length;
                }
            }
        }
        return false;
    }
}

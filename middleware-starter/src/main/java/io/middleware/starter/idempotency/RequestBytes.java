package io.middleware.starter.idempotency;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** A request as bytes that are equal for equal requests: in Protobuf the entries of a map have no order. */
final class RequestBytes {

    private RequestBytes() {}

    static <Q> byte[] of(MethodDescriptor<Q, ?> method, Q request) {
        try {
            if (request instanceof MessageLite message) {
                byte[] bytes = new byte[message.getSerializedSize()];
                CodedOutputStream output = CodedOutputStream.newInstance(bytes);
                output.useDeterministicSerialization();
                message.writeTo(output);
                output.checkNoSpaceLeft();
                return bytes;
            }
            try (InputStream stream = method.streamRequest(request)) {
                return stream.readAllBytes();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("to memory", impossible);
        }
    }
}

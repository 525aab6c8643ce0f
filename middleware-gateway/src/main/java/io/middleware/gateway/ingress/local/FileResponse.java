package io.middleware.gateway.ingress.local;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.middleware.gateway.reflection.CatalogFile;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a response that holds files. Their bytes are not copied: all responses share those of the catalog. */
final class FileResponse {
    private static final int PREFIX = 5;
    private static final int TAG = ServerReflectionResponse.FILE_DESCRIPTOR_RESPONSE_FIELD_NUMBER;

    private FileResponse() {}

    /** Returns the frame of the response with the file and what it imports. */
    static ByteBuf frame(ServerReflectionResponse response, CatalogFile file) {
        List<byte[]> entries = file.entries();
        int size = entries.stream().mapToInt(entry -> entry.length).sum();
        int head = response.getSerializedSize()
                + CodedOutputStream.computeTagSize(TAG)
                + CodedOutputStream.computeUInt32SizeNoTag(size);
        byte[][] parts = new byte[1 + entries.size()][];
        parts[0] = new byte[PREFIX + head];
        for (int i = 0; i < entries.size(); i++) {
            parts[1 + i] = entries.get(i);
        }
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(parts[0], PREFIX, head);
            response.writeTo(out);
            out.writeTag(TAG, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt32NoTag(size);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Unpooled.wrappedBuffer(parts[0]).setInt(1, head + size);
        return Unpooled.wrappedBuffer(parts);
    }
}

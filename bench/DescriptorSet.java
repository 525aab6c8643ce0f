import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.middleware.hello.v1.HelloServiceGrpc;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;

/** Writes to standard output what Envoy's transcoder needs to know of the greeting service: its proto and all it imports. */
final class DescriptorSet {

    private DescriptorSet() {
    }

    public static void main(String[] args) throws IOException {
        var schema = (ProtoFileDescriptorSupplier) HelloServiceGrpc.getServiceDescriptor().getSchemaDescriptor();
        Set<FileDescriptor> files = new LinkedHashSet<>();
        collect(schema.getFileDescriptor(), files);
        FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
        files.forEach(file -> set.addFile(file.toProto()));
        set.build().writeTo(System.out);
        System.out.flush();
    }

    /** Imports first, as readers of such a set expect. */
    private static void collect(FileDescriptor file, Set<FileDescriptor> files) {
        file.getDependencies().forEach(imported -> collect(imported, files));
        files.add(file);
    }
}

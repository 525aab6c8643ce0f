package io.middleware.starter;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A digest of the files that describe a server's gRPC services, as stored in Consul's metadata: of many instances with the same one, a
 * gateway asks only a few for their descriptions.
 */
final class SchemaDigest {

    static final String KEY = "schema";

    private static final int BYTES = 8;

    private SchemaDigest() {}

    /** Returns the digest; nothing for a server with a service that has no file, as that is not covered. */
    static Map<String, String> metadata(Server server) {
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (ServerServiceDefinition service : server.getServices()) {
            if (GrpcServices.isInfrastructure(service.getServiceDescriptor().getName())) {
                continue;
            }
            if (!(service.getServiceDescriptor().getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier schema)) {
                return Map.of();
            }
            add(schema.getFileDescriptor(), files);
        }
        return Map.of(KEY, digest(files));
    }

    private static void add(FileDescriptor file, SortedMap<String, byte[]> files) {
        if (files.put(file.getFullName(), file.toProto().toByteArray()) == null) {
            file.getDependencies().forEach(imported -> add(imported, files));
        }
    }

    private static String digest(SortedMap<String, byte[]> files) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            files.values().forEach(sha::update);
            return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), BYTES));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("each Java has SHA-256", missing);
        }
    }
}

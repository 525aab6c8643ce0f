package io.middleware.gateway.schema;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.health.v1.HealthCheckRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of {@code grpc.health.v1}: with the method {@code List}, which gRPC's Java library does not have yet, and
 * with the promise that the unary methods have no side effects, so that proxies may retry them and browsers use {@code GET}.
 */
final class HealthFile {
    private static final String SCOPE = ".grpc.health.v1.";
    private static final String LIST = "List";

    private HealthFile() {}

    static FileDescriptor get() {
        FileDescriptor known = HealthCheckRequest.getDescriptor().getFile();
        FileDescriptorProto.Builder file = known.toProto().toBuilder();
        ServiceDescriptorProto.Builder health = file.getServiceBuilder(0);
        if (health.getMethodList().stream().noneMatch(method -> method.getName().equals(LIST))) {
            addList(file, health);
        }
        health.getMethodBuilderList().stream()
                .filter(method -> !method.getServerStreaming())
                .forEach(method -> method.getOptionsBuilder().setIdempotencyLevel(IdempotencyLevel.NO_SIDE_EFFECTS));
        try {
            return FileDescriptor.buildFrom(
                    file.build(), known.getDependencies().toArray(FileDescriptor[]::new));
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(known.getName(), e);
        }
    }

    private static void addList(FileDescriptorProto.Builder file, ServiceDescriptorProto.Builder health) {
        FieldDescriptorProto.Builder statuses = field("statuses", 1, Type.TYPE_MESSAGE)
                .setLabel(Label.LABEL_REPEATED)
                .setTypeName(SCOPE + "HealthListResponse.StatusesEntry");
        file.addMessageType(DescriptorProto.newBuilder().setName("HealthListRequest"))
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("HealthListResponse")
                        .addField(statuses)
                        .addNestedType(DescriptorProto.newBuilder()
                                .setName("StatusesEntry")
                                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                                .addField(field("key", 1, Type.TYPE_STRING))
                                .addField(field("value", 2, Type.TYPE_MESSAGE)
                                        .setTypeName(SCOPE + "HealthCheckResponse"))));
        List<MethodDescriptorProto> methods = new ArrayList<>(health.getMethodList());
        methods.add(
                1,
                MethodDescriptorProto.newBuilder()
                        .setName(LIST)
                        .setInputType(SCOPE + "HealthListRequest")
                        .setOutputType(SCOPE + "HealthListResponse")
                        .build());
        health.clearMethod().addAllMethod(methods);
    }

    private static FieldDescriptorProto.Builder field(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setJsonName(name)
                .setNumber(number)
                .setLabel(Label.LABEL_OPTIONAL)
                .setType(type);
    }
}

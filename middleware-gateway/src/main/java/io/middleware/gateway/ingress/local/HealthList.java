package io.middleware.gateway.ingress.local;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.MessageLite;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.middleware.gateway.schema.OwnServices;
import java.util.Map;
import java.util.Objects;

/** Makes a {@code HealthListResponse}, for which gRPC's Java library has no class yet. */
final class HealthList {
    static final String PATH = "/grpc.health.v1.Health/List";

    private static final Descriptor TYPE =
            Objects.requireNonNull(OwnServices.methods().get(PATH)).descriptor().getOutputType();
    private static final FieldDescriptor STATUSES = TYPE.findFieldByName("statuses");

    private HealthList() {}

    static MessageLite of(Map<String, ServingStatus> statuses) {
        DynamicMessage.Builder list = DynamicMessage.newBuilder(TYPE);
        Descriptor entry = STATUSES.getMessageType();
        statuses.forEach((name, status) -> list.addRepeatedField(
                STATUSES,
                DynamicMessage.newBuilder(entry)
                        .setField(entry.findFieldByName("key"), name)
                        .setField(entry.findFieldByName("value"), value(entry, status))
                        .build()));
        return list.build();
    }

    private static DynamicMessage value(Descriptor entry, ServingStatus status) {
        Descriptor type = entry.findFieldByName("value").getMessageType();
        FieldDescriptor field = type.findFieldByNumber(HealthCheckResponse.STATUS_FIELD_NUMBER);
        return DynamicMessage.newBuilder(type)
                .setField(field, field.getEnumType().findValueByNumber(status.getNumber()))
                .build();
    }
}

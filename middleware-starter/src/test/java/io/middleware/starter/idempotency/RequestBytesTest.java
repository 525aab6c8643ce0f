package io.middleware.starter.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import org.junit.jupiter.api.Test;

class RequestBytesTest {
    private static final MethodDescriptor<Struct, Struct> METHOD = MethodDescriptor.<Struct, Struct>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("shop.v1.Shop/Buy")
            .setRequestMarshaller(ProtoUtils.marshaller(Struct.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Struct.getDefaultInstance()))
            .build();

    @Test
    void entriesOfAMap_haveNoOrder() {
        assertThat(RequestBytes.of(METHOD, struct("a", "b", "c")))
                .isEqualTo(RequestBytes.of(METHOD, struct("c", "a", "b")))
                .isNotEqualTo(RequestBytes.of(METHOD, struct("a", "b")));
    }

    private static Struct struct(String... names) {
        Struct.Builder struct = Struct.newBuilder();
        for (String name : names) {
            struct.putFields(name, Value.newBuilder().setStringValue(name).build());
        }
        return struct.build();
    }
}

package io.middleware.gateway.ingress.http.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.HttpRule;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.TimestampProto;
import io.middleware.core.Settings;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.ingress.http.route.Apis;
import io.middleware.gateway.openapi.Api;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What it takes to describe many services. */
class DocumentCostTest {
    private static final int SERVICES = 200;
    private static final int METHODS = 10;
    private static final int WARM_UP = 15;
    private static final int RUNS = 10;
    private static final double MILLI = 1e6;

    @Test
    void twoHundredServices_takeLessThanAHundredMilliseconds() throws Exception {
        FileDescriptor[] files = new FileDescriptor[SERVICES];
        for (int i = 0; i < SERVICES; i++) {
            files[i] = file(i);
        }
        Api api = Apis.of(files);
        StoredDocument document = make(api);
        for (int i = 0; i < WARM_UP; i++) {
            make(api);
        }
        long[] nanos = LongStream.range(0, RUNS)
                .map(run -> {
                    // of this thread, and the least of all runs: others on the same processors slow this one down
                    long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    make(api);
                    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
                })
                .sorted()
                .toArray();

        System.out.printf(
                "OpenAPI of %d services with %d methods: %.1f ms, %d KB, zipped %d KB%n",
                SERVICES, METHODS, nanos[0] / MILLI, document.plain().length >> 10, document.zipped().length >> 10);
        assertThat(nanos[0] / MILLI).isLessThan(100);
    }

    private static StoredDocument make(Api api) {
        Directory directory =
                new Directory(service -> new PowerOfTwoChoices(), Instance::new, Settings.defaults(), System::nanoTime);
        return new Editions(() -> api, directory, Runnable::run, false).all().join();
    }

    /** A service with methods that are mapped to GET and POST, and its messages. */
    private static FileDescriptor file(int number) throws DescriptorValidationException {
        String name = "shop" + number;
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName(name + ".proto")
                .setPackage(name + ".v1")
                .setSyntax("proto3")
                .addDependency("google/api/annotations.proto")
                .addDependency("google/protobuf/timestamp.proto");
        file.addServiceBuilder().setName("Shop");
        for (int i = 0; i < METHODS; i++) {
            DescriptorProto.Builder message = file.addMessageTypeBuilder().setName("Message" + i);
            for (int j = 1; j <= 8; j++) {
                message.addFieldBuilder()
                        .setName("field_" + j)
                        .setNumber(j)
                        .setLabel(j == 5 ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL)
                        .setType(
                                j == 6 || j == 7 && i % 2 == 0
                                        ? Type.TYPE_MESSAGE
                                        : j == 3 ? Type.TYPE_INT64 : Type.TYPE_STRING);
            }
            message.getFieldBuilder(5).setTypeName(".google.protobuf.Timestamp");
            if (i % 2 == 0) {
                message.getFieldBuilder(6).setTypeName("." + name + ".v1.Message" + (i + 1));
            }
            MethodDescriptorProto.Builder method = file.getServiceBuilder(0)
                    .addMethodBuilder()
                    .setName("Do" + i)
                    .setInputType("." + name + ".v1.Message" + i)
                    .setOutputType("." + name + ".v1.Message" + (i + 1) % METHODS);
            method.getOptionsBuilder()
                    .setExtension(
                            AnnotationsProto.http,
                            i % 2 == 0
                                    ? HttpRule.newBuilder()
                                            .setGet("/" + name + "/{field_1=things" + i + "/*}")
                                            .build()
                                    : HttpRule.newBuilder()
                                            .setPost("/" + name + "/things" + i)
                                            .setBody("*")
                                            .build());
        }
        return FileDescriptor.buildFrom(
                file.build(), new FileDescriptor[] {AnnotationsProto.getDescriptor(), TimestampProto.getDescriptor()});
    }
}

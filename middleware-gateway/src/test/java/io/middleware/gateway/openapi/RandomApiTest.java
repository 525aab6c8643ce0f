package io.middleware.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.AnnotationsProto;
import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import com.google.gson.JsonObject;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.middleware.gateway.ingress.http.json.JsonTranslation;
import io.middleware.gateway.ingress.http.json.RandomMessages;
import io.middleware.gateway.ingress.http.json.RandomSchema;
import io.middleware.gateway.ingress.http.json.Transcoder;
import io.middleware.gateway.ingress.http.route.Apis;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random messages and mappings always make a valid document, and messages are as it says. */
class RandomApiTest {
    private static final int APIS = Integer.getInteger("apis", 100);
    private static final int MESSAGES = 10;
    private static final int METHODS = 8;
    private static final String[] TEMPLATES = {
        "/",
        "/**",
        "/*",
        "/v1/{F}",
        "/v1/{F=*}",
        "/v1/{F=**}",
        "/v1/{F=a/*}",
        "/v1/{F=a/*/b/**}",
        "/v1/{F=*/*}:go",
        "/v1/{F}/{G}",
        "/v1/a/{F}:go",
        "/v1/*/{F=*/**}",
        "/v1/o d\u00e9/%7Bx%7D/{F}",
        "/v1/{F=**}:go",
        "/v1/{F=x/**}/y"
    };
    private static final String[] KINDS = {"GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "PURGE", "get", "*"};

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void documentIsValid_andMessagesFitIt() throws Exception {
        System.out.println("random documents; the same again: -Dseed=" + seed);
        int mappings = 0;
        for (int i = 0; i < APIS; i++) {
            FileDescriptor messages = RandomSchema.draw(random);
            Api api = Apis.of(services(messages));
            JsonObject document = OpenApiCheck.valid(api, "r.T0");
            mappings += api.mappings().size();
            messagesFit(messages, document);
        }
        System.out.println(mappings + " mappings in " + APIS + " documents");
        assertThat(mappings).isGreaterThan(APIS);
    }

    private void messagesFit(FileDescriptor file, JsonObject document) {
        Method method = new Method(file.getServices().getFirst().getMethods().getFirst(), Types.of(file));
        JsonTranslation translation = new JsonTranslation(method.path(), new Transcoder(method));
        // references lead from the document's root
        document.addProperty("$ref", "#/components/schemas/r.M0");
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(document.toString(), InputFormat.JSON);
        RandomMessages messages = new RandomMessages(random);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = messages.draw(method.descriptor().getInputType()).toByteArray();
            String json;
            try {
                json = new String(translation.answer(message).body(), StandardCharsets.UTF_8);
            } catch (RuntimeException hasNoJson) {
                continue;
            }
            assertThat(schema.validate(json, InputFormat.JSON))
                    .as(json)
                    // numbers of enums without a name have no other form, nor have NaN and the infinities
                    .filteredOn(error -> !error.getSchemaLocation().toString().contains("/r.E/")
                            && !error.getMessage().matches(".*string found, .*number.* expected"))
                    .isEmpty();
        }
    }

    private FileDescriptor services(FileDescriptor messages) throws DescriptorValidationException {
        FileDescriptorProto.Builder file = FileDescriptorProto.newBuilder()
                .setName("services.proto")
                .setPackage("r")
                .addDependency(messages.getName())
                .addDependency("google/api/annotations.proto");
        for (int i = 0; i < 2; i++) {
            ServiceDescriptorProto.Builder service = file.addServiceBuilder().setName("T" + i);
            for (int j = 0; j < METHODS; j++) {
                service.addMethod(method("Do" + j, messages.getMessageTypes()));
            }
        }
        return FileDescriptor.buildFrom(
                file.build(), new FileDescriptor[] {messages, AnnotationsProto.getDescriptor()});
    }

    private MethodDescriptorProto method(String name, List<Descriptor> messages) {
        Descriptor request = any(messages);
        Descriptor response = any(messages);
        MethodDescriptorProto.Builder method = MethodDescriptorProto.newBuilder()
                .setName(name)
                .setInputType("." + request.getFullName())
                .setOutputType("." + response.getFullName())
                .setClientStreaming(random.nextInt(4) == 0)
                .setServerStreaming(random.nextInt(4) == 0);
        method.getOptionsBuilder()
                .setDeprecated(random.nextInt(5) == 0)
                .setIdempotencyLevel(any(List.of(IdempotencyLevel.values())));
        HttpRule.Builder rule = rule(request, response);
        while (random.nextBoolean()) {
            rule.addAdditionalBindings(rule(request, response));
        }
        method.getOptionsBuilder().setExtension(AnnotationsProto.http, rule.build());
        return method.build();
    }

    private HttpRule.Builder rule(Descriptor request, Descriptor response) {
        String template =
                any(List.of(TEMPLATES)).replace("{F", "{" + fieldPath(request)).replace("{G", "{" + fieldPath(request));
        return HttpRule.newBuilder()
                .setCustom(CustomHttpPattern.newBuilder()
                        .setKind(any(List.of(KINDS)))
                        .setPath(template))
                .setBody(random.nextInt(3) == 0 ? "*" : random.nextBoolean() ? "" : fieldOf(request))
                .setResponseBody(random.nextBoolean() ? "" : fieldOf(response));
    }

    private String fieldPath(Descriptor message) {
        List<FieldDescriptor> fields = message.getFields();
        if (fields.isEmpty()) {
            return "none";
        }
        FieldDescriptor field = any(fields);
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && random.nextBoolean()
                ? field.getName() + "." + fieldPath(field.getMessageType())
                : field.getName();
    }

    private String fieldOf(Descriptor message) {
        return message.getFields().isEmpty() ? "" : any(message.getFields()).getName();
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}

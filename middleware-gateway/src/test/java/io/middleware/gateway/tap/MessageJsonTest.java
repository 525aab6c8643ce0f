package io.middleware.gateway.tap;

import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label.LABEL_OPTIONAL;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label.LABEL_REPEATED;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_MESSAGE;
import static com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type.TYPE_STRING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.middleware.gateway.schema.Method;
import io.middleware.gateway.schema.Types;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What is shown of messages of a type {@code Login { name, password (debug_redact), inner Login, many Login, any Any }}. */
class MessageJsonTest {
    private static final String PATH = "/test.Logins/Log";

    private final FileDescriptor file = file();
    private final Descriptor login = file.findMessageTypeByName("Login");
    private final Method method = new Method(file.findServiceByName("Logins").findMethodByName("Log"), Types.of(file));
    private final MessageJson json = new MessageJson(path -> path.equals(PATH) ? method : null);

    @Test
    void fieldsMarkedAsSecret_areLeftOut_atAnyDepth() throws IOException {
        Message inner = login("in", "secret-1", null);
        Message all = login("out", "secret-2", inner).toBuilder()
                .addRepeatedField(login.findFieldByName("many"), inner)
                .setField(login.findFieldByName("any"), Any.pack(inner))
                .build();

        assertThat(shown(framed(all, false), null))
                .isEqualTo("[{\"name\":\"out\",\"inner\":{\"name\":\"in\"},\"many\":[{\"name\":\"in\"}],"
                        + "\"any\":{\"@type\":\"type.googleapis.com/test.Login\",\"name\":\"in\"}}]");
    }

    @Test
    void compressedMessages_areShown_ifByGzip() throws IOException {
        byte[] frames = framed(login("zipped", "secret", null), true);
        assertThat(shown(frames, "gzip")).isEqualTo("[{\"name\":\"zipped\"}]");
        assertThat(shown(frames, "snappy")).isEqualTo("[\"(compressed by snappy)\"]");
    }

    @Test
    void whatIsTooLong_saysSo() throws IOException {
        byte[] large = framed(login("x".repeat(FirstBytes.MOST), "", null), false);
        FirstBytes first = new FirstBytes();
        first.add(new Bytes(large));
        CapturedMessages.Frames frames = first.frames(null);
        assertThat(frames.bytes()).hasSize(FirstBytes.MOST);
        assertThat(frames.cut()).isTrue();
        assertThat(shown(frames.bytes(), null)).contains("more than the 4096 that are kept");
    }

    @Test
    void ofAMethodThatIsNotDescribed_onlyThatIsSaid() {
        CapturedMessages.Frames some = new CapturedMessages.Frames(new byte[5], false, null);
        assertThat(json.of("/a/b", new CapturedMessages(some, new CapturedMessages.Frames(new byte[0], false, null)))
                        .requests())
                .hasToString("[\"(the messages of /a/b are not described)\"]");
    }

    @Test
    void anyBytes_areShown_orSayWhyNot() throws IOException {
        Random random = new Random(7);
        byte[] good = framed(login("name", "secret", login("in", "secret", null)), false);
        for (int i = 0; i < 20_000; i++) {
            byte[] odd = good.clone();
            for (int j = 0; j < 1 + random.nextInt(3); j++) {
                odd[random.nextInt(odd.length)] = (byte) random.nextInt(256);
            }
            assertThat(shown(odd, random.nextBoolean() ? "gzip" : null)).startsWith("[");
        }
    }

    private String shown(byte[] frames, String encoding) {
        CapturedMessages.Frames request = new CapturedMessages.Frames(frames, false, encoding);
        return json.of(PATH, new CapturedMessages(request, request)).requests().toString();
    }

    private Message login(String name, String password, Message inner) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(login)
                .setField(login.findFieldByName("name"), name)
                .setField(login.findFieldByName("password"), password);
        return inner == null
                ? message.build()
                : message.setField(login.findFieldByName("inner"), inner).build();
    }

    private static byte[] framed(Message message, boolean zipped) throws IOException {
        byte[] bytes = message.toByteArray();
        if (zipped) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(bytes);
            }
            bytes = out.toByteArray();
        }
        return ByteBuffer.allocate(5 + bytes.length)
                .put((byte) (zipped ? 1 : 0))
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private static FileDescriptor file() {
        FieldDescriptorProto.Builder secret = field("password", 2, null);
        secret.setOptions(FieldOptions.newBuilder().setDebugRedact(true));
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("test.proto")
                .setPackage("test")
                .setSyntax("proto3")
                .addDependency("google/protobuf/any.proto")
                .addMessageType(DescriptorProto.newBuilder()
                        .setName("Login")
                        .addField(field("name", 1, null))
                        .addField(secret)
                        .addField(field("inner", 3, ".test.Login"))
                        .addField(field("many", 4, ".test.Login").setLabel(LABEL_REPEATED))
                        .addField(field("any", 5, ".google.protobuf.Any")))
                .addService(ServiceDescriptorProto.newBuilder()
                        .setName("Logins")
                        .addMethod(MethodDescriptorProto.newBuilder()
                                .setName("Log")
                                .setInputType(".test.Login")
                                .setOutputType(".test.Login")))
                .build();
        try {
            return FileDescriptor.buildFrom(file, new FileDescriptor[] {AnyProto.getDescriptor()});
        } catch (com.google.protobuf.Descriptors.DescriptorValidationException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** {@code type}: of a message; null for a text. */
    private static FieldDescriptorProto.Builder field(String name, int number, String type) {
        FieldDescriptorProto.Builder field = FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setLabel(LABEL_OPTIONAL)
                .setType(type == null ? TYPE_STRING : TYPE_MESSAGE);
        return type == null ? field : field.setTypeName(type);
    }

    /** Bytes that need not be released. */
    private record Bytes(byte[] bytes) implements io.middleware.core.Chunk {
        @Override
        public int size() {
            return bytes.length;
        }

        @Override
        public io.middleware.core.Chunk copy() {
            return this;
        }

        @Override
        public void copyTo(byte[] target, int at) {
            System.arraycopy(bytes, 0, target, at, bytes.length);
        }

        @Override
        public void release() {
            // nothing
        }
    }
}

package io.middleware.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.grpc.Status;
import io.middleware.testsupport.ShopServer;
import io.middleware.testsupport.shop.v1.Item;
import io.middleware.testsupport.shop.v1.Shop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallCommandTest extends CommandLineFixture {

    @TempDir
    private Path folder;

    @Test
    void verbose_tellsThatTheClientRepeatedTheCall() {
        shop.answers(ShopServer.HANGS, ShopServer.ECHOES);

        assertThat(callShop("Look", "-v", "--proto-set", shopProtoSet())).isZero();
        assertThat(err.toString()).containsPattern("< grpc-previous-rpc-attempts: [12]  \\(how often this client");
    }

    @Test
    void verbose_tellsThatAMethodIsNotRepeated() {
        assertThat(callShop("Buy", "-v", "--no-idempotency-key")).isZero();
        assertThat(err.toString()).contains("* sent once: its idempotency_level does not declare it idempotent\n");
        assertThat(shop.attempts().getLast().header("idempotency-key")).isNull();
    }

    @Test
    void verbose_tellsTheKeyOfAMethodThatIsNotIdempotent() {
        assertThat(callShop("Buy", "-v")).isZero();
        String key = shop.attempts().getLast().header("idempotency-key");
        assertThat(err.toString())
                .contains("> idempotency-key: " + key)
                .contains("it is sent again only where servers honour keys\n");
    }

    @Test
    void deadline_endsAUnaryCall() {
        shop.answers(ShopServer.HANGS);

        assertThat(callShop("Look", "--proto-set", shopProtoSet(), "--deadline", "200ms"))
                .isEqualTo(1);
        assertThat(err).hasToString("client: DEADLINE_EXCEEDED: no response in time; --deadline allows more\n");
    }

    @Test
    void deadline_endsAStream() {
        shop.answers(ShopServer.HANGS);

        assertThat(callShop("Watch", "--proto-set", shopProtoSet(), "--deadline", "200ms"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("DEADLINE_EXCEEDED");
    }

    @Test
    void header_isSent() {
        assertThat(callShop("Look", "--proto-set", shopProtoSet(), "--header", "x-user:ana"))
                .isZero();
        assertThat(shop.attempts().getFirst().header("x-user")).isEqualTo("ana");
    }

    @Test
    void call_findsACompiledInService() {
        assertThat(run("call", "--target", hello.target(), "hello.v1.HelloService/SayHello", "{\"message\":\"Hello\"}"))
                .isZero();
        assertThat(out).hasToString("{\"message\":\"World\"}\n");
    }

    @Test
    void call_findsAServiceByReflection() {
        assertThat(callShop("Look", "{\"name\":\"tea\",\"tags\":[\"hot\"]}")).isZero();
        assertThat(out).hasToString("{\"name\":\"tea\",\"tags\":[\"hot\"]}\n");
    }

    @Test
    void call_findsAServiceInAProtoSet() {
        assertThat(callShop("Look", "--proto-set", shopProtoSet(), "{\"name\":\"tea\"}"))
                .isZero();
        assertThat(out).hasToString("{\"name\":\"tea\"}\n");
        assertThat(shop.attempts()).extracting(ShopServer.Attempt::method).containsExactly("Look");
    }

    @Test
    void call_saysWhatToDoWhenNothingDescribesTheService() {
        assertThat(run("call", "--target", hello.target(), "shop.v1.ShopService/Look"))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("client: no description of shop.v1.ShopService: it is not compiled in, and "
                        + hello.target() + " does not offer it by server reflection.")
                .contains("--proto-set FILE", "protoc --include_imports --descriptor_set_out=FILE")
                .hasLineCount(1);
    }

    @Test
    void call_namesTheMethodsWhenTheOneAskedForIsUnknown() {
        assertThat(callShop("Steal")).isEqualTo(2);
        assertThat(err)
                .hasToString("client: shop.v1.ShopService has no method Steal: "
                        + "expected one of Look, Keep, Buy, Watch, Collect, Haggle\n");
    }

    @Test
    void call_saysHowAMethodIsNamed() {
        assertThat(run("call", "Look")).isEqualTo(2);
        assertThat(err.toString())
                .contains("expected SERVICE/METHOD, such as hello.v1.HelloService/SayHello, got 'Look'");
    }

    @Test
    void failedCall_isTheServersWordInOneLineWithoutControlCharacters() {
        shop.answers(ShopServer.fails(Status.FAILED_PRECONDITION.withDescription("sold\nout \u001b[31mred")));

        assertThat(callShop("Look", "--proto-set", shopProtoSet())).isEqualTo(1);
        assertThat(err).hasToString("client: FAILED_PRECONDITION: sold out [31mred\n");
    }

    /** What protoc writes for the shop and its import. */
    private String shopProtoSet() {
        FileDescriptor item = Item.getDescriptor().getFile();
        FileDescriptor shopFile = Shop.getDescriptor();
        FileDescriptorSet set = FileDescriptorSet.newBuilder()
                .addAllFile(
                        Stream.of(item, shopFile).map(FileDescriptor::toProto).toList())
                .build();
        try {
            return Files.write(folder.resolve("shop.pb"), set.toByteArray()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

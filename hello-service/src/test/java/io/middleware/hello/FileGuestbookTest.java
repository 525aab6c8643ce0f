package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.middleware.hello.v1.GuestbookGrpc;
import io.middleware.hello.v1.GuestbookGrpc.GuestbookBlockingStub;
import io.middleware.hello.v1.ListRequest;
import io.middleware.hello.v1.SignRequest;
import io.middleware.hello.v1.Signature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The guestbook without a database: the file of a server, as the application wires it. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
@Tag("slow")
class FileGuestbookTest {

    @TempDir
    private Path folder;

    private Path file;
    private ConfigurableApplicationContext application;
    private ManagedChannel channel;
    private GuestbookBlockingStub guestbook;

    @BeforeEach
    void start() {
        file = folder.resolve("books/book.tsv");
        application = new SpringApplicationBuilder(HelloServiceApplication.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.cloud.consul.enabled=false",
                        "--spring.grpc.server.inprocess.name=guestbook",
                        "--spring.grpc.server.port=0",
                        "--hello.guestbook=" + file);
        channel = InProcessChannelBuilder.forName("guestbook").build();
        guestbook = GuestbookGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        application.close();
    }

    @Test
    void sign_isInTheFileWithItsCallIdWhenItIsAnswered() throws IOException {
        Signature signature = withCallId("call-7").sign(request("Ada", "was here"));

        assertThat(signature.getCallId()).isEqualTo("call-7");
        assertThat(Files.readAllLines(file)).containsExactly(signature.getSignedAt() + "\tcall-7\tAda\twas here");
        assertThat(list(0)).containsExactly(signature);
    }

    @Test
    void list_givesTheLastOnesOldestFirst() {
        IntStream.rangeClosed(1, 120).forEach(i -> guestbook.sign(request("visitor " + i, "")));

        assertThat(list(3)).extracting(Signature::getName).containsExactly("visitor 118", "visitor 119", "visitor 120");
        assertThat(list(0)).hasSize(100);
        assertThat(list(10_000)).hasSize(120);
    }

    @Test
    void list_leavesOutALineThatIsNotWhole() throws IOException {
        guestbook.sign(request("Ada", "was here"));
        Files.writeString(file, "2026-01-01T00:00:00Z\tcal", StandardOpenOption.APPEND);

        assertThat(list(0)).extracting(Signature::getName).containsExactly("Ada");
    }

    @Test
    void sign_afterALineThatIsNotWhole_beginsALineOfItsOwn() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "2026-01-01T00:00:00Z\tcal");
        guestbook.sign(request("Ada", "was here"));

        assertThat(list(0)).extracting(Signature::getName).containsExactly("Ada");
        assertThat(Files.readString(file)).endsWith("\tAda\twas here\n");
    }

    /** Every write to this file ends as on a full disk. */
    @Test
    void sign_thatCannotBeWritten_isAnError() throws IOException {
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of("/dev/full"));

        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> guestbook.sign(request("Ada", "")));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(refused.getStatus().getDescription())
                .startsWith("not signed: the guestbook ")
                .contains("No space left");

        Files.delete(file);
        guestbook.sign(request("Bob", ""));
        assertThat(list(0)).extracting(Signature::getName).containsExactly("Bob");
    }

    @Test
    void sign_saysWhatIsExpectedOfANameAndAMessage() {
        for (SignRequest wrong : List.of(request("", "x"), request("a".repeat(101), "x"), request("a\tb", "x"))) {
            assertThat(refusalOf(wrong))
                    .isEqualTo("name: expected 1 to 100 characters, none of them a control character");
        }
        for (SignRequest wrong : List.of(request("Ada", "x".repeat(1_001)), request("Ada", "a\nb"))) {
            assertThat(refusalOf(wrong))
                    .isEqualTo("message: expected 0 to 1000 characters, none of them a control character");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void list_saysHowManyMayBeAskedFor() {
        for (int wrong : new int[] {-1, 10_001}) {
            StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, () -> list(wrong));
            assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(refused.getStatus().getDescription()).isEqualTo("most: expected 0 to 10000, was " + wrong);
        }
    }

    private String refusalOf(SignRequest request) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> guestbook.sign(request));
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        return refused.getStatus().getDescription();
    }

    private List<Signature> list(int most) {
        return guestbook.list(ListRequest.newBuilder().setMost(most).build()).getSignaturesList();
    }

    private GuestbookBlockingStub withCallId(String id) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-call-id", Metadata.ASCII_STRING_MARSHALLER), id);
        return guestbook.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static SignRequest request(String name, String message) {
        return SignRequest.newBuilder().setName(name).setMessage(message).build();
    }
}

package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.middleware.gateway.ingress.http.result.Refusal;
import io.middleware.gateway.library.v1.Author;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What translations are estimated to take, and how they share it. */
class JsonMemoryTest {
    private static final int MB = 1 << 20;

    private final JsonMemory memory = new JsonMemory(100);

    @Test
    void whatFits_isTakenAtOnce_andTheRestWaitsForIt() throws Exception {
        assertThat(memory.take(60, 0)).isTrue();
        assertThat(memory.take(41, 0)).isFalse();
        CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> take(41));
        memory.giveBack(60);

        assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(memory.take(60, 0)).isFalse();
    }

    @Test
    void moreThanThereIs_isRefusedInsteadOfWaited() {
        assertThatThrownBy(() -> new JsonMemory(2 * MB).take(5 * MB + 1, Long.MAX_VALUE))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(new String(refusal.answer().body(), StandardCharsets.UTF_8))
                                .contains("resource_exhausted", "would take 6 MB of memory (expected: at most 2 MB)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0,0]          | false | 240",
                "[0,0]          | true  | 800",
                "{\"a\":1}      | false | 520",
                "\"[{,:\\\",[\" | false | 0"
            })
    void values_areWeighedAndNotWhatIsInStrings(String json, boolean boxed, long values) {
        assertThat(JsonWeight.of(json.getBytes(StandardCharsets.UTF_8), boxed)).isEqualTo(values + 6L * json.length());
    }

    @Test
    void textThatNeedsTwoBytesACharacter_isWeighedAsThat() {
        assertThat(JsonWeight.of("\"aaaa\"".getBytes(StandardCharsets.UTF_8), false))
                .isEqualTo(5 * 6 + 6);
        assertThat(JsonWeight.of("\"aaa世\"".getBytes(StandardCharsets.UTF_8), false))
                .isEqualTo(5 * 6 * 2 + 8);
        assertThat(JsonWeight.of("\"aaaé\"".getBytes(StandardCharsets.UTF_8), false))
                .isEqualTo(5 * 6 + 7);
    }

    @Test
    void messagesOfValues_areKnownByTheType() {
        assertThat(JsonWeight.isBoxed(Book.getDescriptor()))
                .as("it has a Struct")
                .isTrue();
        assertThat(JsonWeight.isBoxed(SearchBooksRequest.getDescriptor()))
                .as("one wrapper is one message")
                .isFalse();
        assertThat(JsonWeight.isBoxed(Author.getDescriptor()))
                .as("it has authors in it")
                .isFalse();
    }

    @Test
    void reply_isWeighedByItsFields_whetherKnownOrNot() {
        Book.Builder friends = Book.newBuilder();
        UnknownFieldSet.Builder unknown = UnknownFieldSet.newBuilder();
        SearchBooksRequest.Builder ids = SearchBooksRequest.newBuilder();
        for (int i = 0; i < 1000; i++) {
            friends.getAuthorBuilder().addFriendsBuilder();
            ids.addIds(i);
            unknown.addField(
                    1000 + i, UnknownFieldSet.Field.newBuilder().addVarint(1).build());
        }
        assertThat(ReplyWeight.of(friends.build().toByteArray(), Book.getDescriptor()))
                .isGreaterThan(1000 * 320);
        assertThat(ReplyWeight.of(ids.build().toByteArray(), SearchBooksRequest.getDescriptor()))
                .isBetween(1000L * 48, 1000L * 160);
        assertThat(ReplyWeight.of(unknown.build().toByteArray(), Book.getDescriptor()))
                .isGreaterThan(1000 * 280);
    }

    @Test
    void replyOfText_isWeighedWithItsEscapes() {
        long plain = ReplyWeight.of(
                Book.newBuilder().setTitle("a".repeat(MB)).build().toByteArray(), Book.getDescriptor());
        long escaped = ReplyWeight.of(
                Book.newBuilder().setTitle("\n".repeat(MB)).build().toByteArray(), Book.getDescriptor());
        long bytes = ReplyWeight.of(
                Book.newBuilder()
                        .setCover(ByteString.copyFrom(new byte[MB]))
                        .build()
                        .toByteArray(),
                Book.getDescriptor());

        assertThat(plain).isBetween(6L * MB, 9L * MB);
        assertThat(escaped).isGreaterThan(24L * MB);
        assertThat(bytes).isGreaterThan(6L * MB);
    }

    @Test
    void whatIsNoMessage_isNoError() {
        assertThat(ReplyWeight.of(new byte[] {(byte) 0xff, (byte) 0xff}, Book.getDescriptor()))
                .isPositive();
        assertThat(ReplyWeight.of(new byte[] {0x42, 0x7f}, Book.getDescriptor()))
                .isPositive();
        byte[] nested = new byte[4096];
        java.util.Arrays.fill(nested, (byte) 0x0b);
        assertThat(ReplyWeight.of(nested, Book.getDescriptor()))
                .as("groups in groups")
                .isPositive();
    }

    private boolean take(long bytes) {
        try {
            return memory.take(bytes, TimeUnit.SECONDS.toNanos(10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

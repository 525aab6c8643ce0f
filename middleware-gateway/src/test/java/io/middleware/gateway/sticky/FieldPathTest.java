package io.middleware.gateway.sticky;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.ingress.WebCaller;
import io.middleware.gateway.library.v1.Author;
import io.middleware.gateway.library.v1.Book;
import io.middleware.gateway.library.v1.Genre;
import io.middleware.gateway.library.v1.SearchBooksRequest;
import io.middleware.gateway.transport.NettyChunk;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldPathTest {
    private static final Book BOOK = Book.newBuilder()
            .setName("Olá")
            .setGenre(Genre.POETRY)
            .setAuthor(Author.newBuilder()
                    .setLastName("Lovelace")
                    .setBorn(0)
                    .addFriends(Author.newBuilder().setLastName("Babbage")))
            .setCents(-7)
            .setCover(ByteString.copyFromUtf8("cover"))
            .setWeight(1.5)
            .build();

    @ParameterizedTest
    @CsvSource({
        "name,              Olá",
        "genre,             2",
        "author.last_name,  Lovelace",
        "author.born,       0",
        "cents,             -7",
        "cover,             cover",
        "pages.value,       0",
        "published.seconds, 0"
    })
    void value_isAText(String path, String value) {
        assertThat(value(path, BOOK.toByteArray())).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"title", "author.first_name", "free"})
    void fieldThatIsNotThere_isNoKey(String path) {
        assertThat(value(path, BOOK.toByteArray())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other",
                "author",
                "tags",
                "stock",
                "weight",
                "name.x",
                "author.friends.last_name",
                "author.other"
            })
    void fieldThatCannotBeAKey_isNone(String path) {
        assertThat(FieldPath.of(Book.getDescriptor(), path)).isNull();
    }

    @Test
    void zeroThatSerializersLeaveOut_isAKeyLikeAnyNumber() {
        byte[] empty = {};
        assertThat(value("genre", empty)).isEqualTo("0");
        assertThat(value(
                        "genre",
                        Book.newBuilder()
                                .setGenre(Genre.GENRE_UNSPECIFIED)
                                .build()
                                .toByteArray()))
                .isEqualTo("0");
        assertThat(value("author.born", empty)).as("absent, which is not zero").isNull();
        FieldPath genre = FieldPath.of(Book.getDescriptor(), "genre");
        assertThat(genre.valueIn(empty, 0, 0, false)).as("it may still come").isNull();
    }

    @Test
    void lastValue_counts_alsoOfMessagesThatAreMerged() throws InvalidProtocolBufferException {
        byte[] twice = joined(
                BOOK.toByteArray(),
                Book.newBuilder()
                        .setName("Adieu")
                        .setAuthor(Author.newBuilder().setFirstName("Ada"))
                        .build()
                        .toByteArray());
        Book read = Book.parseFrom(twice);
        assertThat(value("name", twice)).isEqualTo(read.getName()).isEqualTo("Adieu");
        assertThat(value("author.last_name", twice))
                .isEqualTo(read.getAuthor().getLastName())
                .isEqualTo("Lovelace");
        assertThat(value("author.first_name", twice)).isEqualTo("Ada");
    }

    /** Whatever bytes come: no exception, and what any other reader of Protobuf would read. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBytes_areReadAsAnyReaderWould(long seed) {
        Random random = new Random(seed);
        byte[] sample = SearchBooksRequest.newBuilder()
                .setText("text")
                .setAuthor(Author.newBuilder().setFirstName("first").setBorn(1815))
                .setLimit(300)
                .setInStock(true)
                .build()
                .toByteArray();
        int readable = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = mutated(sample, random);
            String text = value(SearchBooksRequest.getDescriptor(), "text", bytes);
            String born = value(SearchBooksRequest.getDescriptor(), "author.born", bytes);
            String limit = value(SearchBooksRequest.getDescriptor(), "limit", bytes);
            try {
                SearchBooksRequest read = SearchBooksRequest.parseFrom(bytes);
                readable++;
                assertThat(text == null ? "" : text).as("seed %d, %d", seed, i).isEqualTo(read.getText());
                assertThat(born == null ? null : (int) Long.parseLong(born))
                        .isEqualTo(read.getAuthor().hasBorn() ? read.getAuthor().getBorn() : null);
                assertThat((int) Long.parseLong(limit)).isEqualTo(read.getLimit());
            } catch (InvalidProtocolBufferException unreadable) {
                // the server says so
            }
        }
        assertThat(readable).isGreaterThan(1000);
    }

    private static byte[] mutated(byte[] sample, Random random) {
        byte[] bytes = sample.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, 1 + at);
                default -> bytes = joined(bytes, Arrays.copyOf(sample, random.nextInt(sample.length)));
            }
        }
        return bytes;
    }

    // the reader, which gets pieces

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void requestInPieces_isReadUntilItIsWhole(boolean zipped) {
        byte[] message = BOOK.toByteArray();
        byte[] frame = zipped ? WebCaller.envelope(1, WebCaller.gzip(message)) : WebCaller.envelope(0, message);
        FieldReader reader = reader("cover", zipped);
        for (int i = 0; i < frame.length; i++) {
            assertThat(reader.read(chunk(frame[i]))).isEqualTo(i == frame.length - 1);
        }
        assertThat(reader.key()).isEqualTo("cover");
    }

    @Test
    void requestThatEndsEarly_hasTheKeyThatHasCome() {
        byte[] frame = WebCaller.envelope(0, BOOK.toByteArray());
        FieldReader reader = reader("name", false);
        assertThat(reader.read(chunk(Arrays.copyOf(frame, 4)))).isFalse();
        assertThat(reader.key()).isNull();
        reader.read(chunk(Arrays.copyOfRange(frame, 4, 12)));
        assertThat(reader.key()).isEqualTo("Olá");
    }

    @Test
    void onlyTheBeginningOfALargeRequest_isRead() {
        byte[] early = Book.newBuilder()
                .setName("early")
                .setTitle("t".repeat(FieldReader.MOST))
                .setCents(3)
                .build()
                .toByteArray();
        FieldReader name = reader("name", false);
        assertThat(name.read(chunk(WebCaller.envelope(0, early)))).isTrue();
        assertThat(name.key()).isEqualTo("early");
        FieldReader cents = reader("cents", false);
        assertThat(cents.read(chunk(WebCaller.envelope(0, early)))).isTrue();
        assertThat(cents.key()).isNull();
        FieldReader zipped = reader("name", true);
        assertThat(zipped.read(chunk(WebCaller.envelope(1, WebCaller.gzip(early)))))
                .isTrue();
        assertThat(zipped.key()).isEqualTo("early");
    }

    @Test
    void unknownCompression_hidesTheKey() {
        FieldReader reader = reader("name", false);
        assertThat(reader.read(chunk(WebCaller.envelope(1, "whatever".getBytes(UTF_8)))))
                .isTrue();
        assertThat(reader.key()).isNull();
        FieldReader broken = reader("name", true);
        assertThat(broken.read(chunk(WebCaller.envelope(1, "no gzip".getBytes(UTF_8)))))
                .isTrue();
        assertThat(broken.key()).isNull();
        FieldReader empty = reader("name", true);
        assertThat(empty.read(chunk(WebCaller.envelope(1, new byte[0])))).isTrue();
        assertThat(empty.key()).isNull();
    }

    private static FieldReader reader(String path, boolean gzip) {
        return new FieldReader(FieldPath.of(Book.getDescriptor(), path), gzip);
    }

    private static NettyChunk chunk(byte... bytes) {
        return new NettyChunk(Unpooled.wrappedBuffer(bytes));
    }

    private static String value(String path, byte[] book) {
        return value(Book.getDescriptor(), path, book);
    }

    private static String value(Descriptor type, String path, byte[] message) {
        return FieldPath.of(type, path).valueIn(message, 0, message.length, true);
    }

    private static byte[] joined(byte[] a, byte[] b) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(a);
        all.writeBytes(b);
        return all.toByteArray();
    }
}

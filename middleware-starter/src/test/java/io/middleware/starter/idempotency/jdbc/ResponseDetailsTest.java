package io.middleware.starter.idempotency.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ResponseDetailsTest {

    @Test
    void nothing_isNoBytes() {
        assertThat(new ResponseDetails(null, new Metadata(), new Metadata()).write())
                .isNull();
        ResponseDetails read = ResponseDetails.read(null);
        assertThat(read.description()).isNull();
        assertThat(read.headers().keys()).isEmpty();
    }

    @Test
    void anyDetails_areReadAsTheyWereWritten() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            ResponseDetails written = new ResponseDetails(
                    random.nextBoolean() ? null : "é\0\n" + "x".repeat(random.nextInt(3_998)),
                    metadata(random),
                    metadata(random));
            ResponseDetails read = ResponseDetails.read(written.write());
            assertThat(read.description()).as("seed %s", seed).isEqualTo(written.description());
            assertThat(values(read.headers())).as("seed %s", seed).isEqualTo(values(written.headers()));
            assertThat(values(read.trailers())).as("seed %s", seed).isEqualTo(values(written.trailers()));
        }
    }

    @Test
    void longDescription_isCut() {
        byte[] bytes = new ResponseDetails("x".repeat(100_000), new Metadata(), new Metadata()).write();
        assertThat(ResponseDetails.read(bytes).description()).hasSize(4_000);
    }

    /** Returns the values by name; those of one name have an order. */
    private static Map<String, List<String>> values(Metadata metadata) {
        Map<String, List<String>> values = new TreeMap<>();
        for (String name : metadata.keys()) {
            List<String> all = new ArrayList<>();
            if (name.endsWith("-bin")) {
                metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER))
                        .forEach(value -> all.add(Arrays.toString(value)));
            } else {
                metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER))
                        .forEach(all::add);
            }
            values.put(name, all);
        }
        return values;
    }

    private static Metadata metadata(Random random) {
        Metadata metadata = new Metadata();
        for (int i = random.nextInt(5); i > 0; i--) {
            String name = "n" + random.nextInt(3);
            if (random.nextBoolean()) {
                byte[] value = new byte[random.nextInt(300)];
                random.nextBytes(value);
                metadata.put(Metadata.Key.of(name + "-bin", Metadata.BINARY_BYTE_MARSHALLER), value);
            } else {
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "v" + random.nextInt());
            }
        }
        return metadata;
    }
}

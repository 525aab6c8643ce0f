package io.middleware.gateway.ingress.envelope;

import io.middleware.core.Code;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.CallContext;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.result.ConnectError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Compresses and decompresses messages; large ones off the event loops. */
final class Gzip {
    private static final int PIECE = 8 << 10;
    private static final byte[] NONE = {};

    private final JsonWorkers workers;
    private final int largest;

    /** {@code largest}: the most bytes of a decompressed message. */
    Gzip(JsonWorkers workers, int largest) {
        this.workers = workers;
        this.largest = largest;
    }

    /** Returns the message, or a refusal if it is too large or not gzip. */
    Mono<byte[]> unzip(byte[] zipped, CallContext context) {
        if (zipped.length == 0) {
            return Mono.just(zipped);
        }
        return Mono.defer(() -> {
            byte[] small = unzip(zipped, JsonWorkers.LARGE, context.lease());
            return small != null
                    ? Mono.just(small)
                    : workers.run(context, () -> 0, () -> largest(zipped, context.lease()));
        });
    }

    /** Returns the message compressed. */
    Mono<byte[]> zip(byte[] message, CallContext context) {
        return message.length > JsonWorkers.LARGE
                ? workers.run(context, () -> 0, () -> zip(message))
                : Mono.fromSupplier(() -> zip(message));
    }

    private byte[] largest(byte[] zipped, BodyBudget.Lease lease) {
        byte[] message = unzip(zipped, largest, lease);
        if (message == null) {
            throw new ConnectError(
                            Code.RESOURCE_EXHAUSTED,
                            "a message that decompresses to more than " + largest + " bytes (expected: at most that)")
                    .refusal();
        }
        return message;
    }

    /** Returns null if there are more than {@code most} bytes. */
    private static byte @Nullable [] unzip(byte[] zipped, int most, BodyBudget.Lease lease) {
        byte[] message = NONE;
        int size = 0;
        byte[] piece = new byte[PIECE];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                if (read > most - size) {
                    return null;
                }
                lease.growTo(size + read);
                if (size + read > message.length) {
                    message = Arrays.copyOf(message, (int) Math.min(most, Math.max(size + read, 2L * message.length)));
                }
                System.arraycopy(piece, 0, message, size, read);
                size += read;
            }
        } catch (IOException e) {
            throw ConnectError.invalidArgument("a message is marked as compressed, but is not gzip");
        }
        return size == message.length ? message : Arrays.copyOf(message, size);
    }

    private static byte[] zip(byte[] message) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(message.length / 2 + PIECE / 8);
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(message);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return zipped.toByteArray();
    }
}

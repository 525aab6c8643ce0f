package io.middleware.gateway.ingress.http.json;

import io.middleware.gateway.ingress.http.result.ConnectError;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Decompresses whole bodies and messages up to a limit; off the event loops if there is much to read or to write. */
public final class Gunzip {
    private static final int PIECE = 8 << 10;
    private static final byte[] NONE = {};

    private final JsonWorkers workers;
    private final int largest;
    private final ConnectError tooLarge;
    private final ConnectError malformed;

    /**
     * @param largest   the most bytes of what is decompressed
     * @param tooLarge  the error if there are more
     * @param malformed the error if it is not gzip
     */
    public Gunzip(JsonWorkers workers, int largest, ConnectError tooLarge, ConnectError malformed) {
        this.workers = workers;
        this.largest = largest;
        this.tooLarge = tooLarge;
        this.malformed = malformed;
    }

    /** Returns the bytes, which the context's lease holds, or a refusal. Nothing is nothing, compressed or not. */
    public Mono<byte[]> unzip(byte[] zipped, CallContext context) {
        if (zipped.length == 0) {
            return Mono.just(zipped);
        }
        return Mono.defer(() -> {
            // a little output may take much input, all of which takes time
            byte[] small = zipped.length > JsonWorkers.LARGE
                    ? null
                    : unzip(zipped, Math.min(largest, JsonWorkers.LARGE), context.lease());
            return small != null
                    ? Mono.just(small)
                    : workers.run(context, () -> 0, () -> whole(zipped, context.lease()));
        });
    }

    private byte[] whole(byte[] zipped, BodyBudget.Lease lease) {
        byte[] bytes = unzip(zipped, largest, lease);
        if (bytes == null) {
            throw tooLarge.refusal();
        }
        return bytes;
    }

    /** Returns null if there are more than {@code most} bytes. */
    private byte @Nullable [] unzip(byte[] zipped, int most, BodyBudget.Lease lease) {
        byte[] bytes = NONE;
        int size = 0;
        byte[] piece = new byte[PIECE];
        try (GzipMembers members = new GzipMembers(zipped)) {
            for (int read = members.read(piece); read >= 0; read = members.read(piece)) {
                if (read > most - size) {
                    return null;
                }
                lease.growTo(size + read);
                if (size + read > bytes.length) {
                    bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(size + read, 2L * bytes.length)));
                }
                System.arraycopy(piece, 0, bytes, size, read);
                size += read;
            }
        } catch (DataFormatException | ZipException e) {
            throw malformed.refusal();
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}

package io.middleware.client;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS by PEM files, which are read again when they change: certificates can be renewed, and authorities replaced, while
 * calls go on. New connections use what was read last. Files that cannot be read are not used, and the log says so.
 */
public final class TlsFiles implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TlsFiles.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final Path authorities;
    private final @Nullable Path identity;
    private final AdvancedTlsX509TrustManager trust;
    private final AdvancedTlsX509KeyManager key = new AdvancedTlsX509KeyManager();
    private final Thread watcher;
    private List<FileTime> seen;

    private TlsFiles(Path authorities, @Nullable Path identity) throws IOException, GeneralSecurityException {
        this.authorities = authorities;
        this.identity = identity;
        this.trust = AdvancedTlsX509TrustManager.newBuilder().build();
        this.seen = times();
        read();
        this.watcher = Thread.ofVirtual().name("tls-files").start(this::watch);
    }

    /**
     * Reads the files.
     *
     * @param authorities certificates of the authorities that sign those of servers
     * @param identity    this caller's own key and certificate, in one file; null for a caller without one
     * @throws IllegalArgumentException if a file cannot be read, or has not what is expected
     */
    public static TlsFiles of(Path authorities, @Nullable Path identity) {
        try {
            return new TlsFiles(authorities, identity);
        } catch (IOException | GeneralSecurityException unusable) {
            throw new IllegalArgumentException(
                    "TLS: " + unusable.getClass().getSimpleName() + ": " + unusable.getMessage(), unusable);
        }
    }

    /** Returns credentials for {@link ClientOptions#withCredentials}. */
    public ChannelCredentials credentials() {
        TlsChannelCredentials.Builder credentials =
                TlsChannelCredentials.newBuilder().trustManager(trust);
        return identity == null
                ? credentials.build()
                : credentials.keyManager(key).build();
    }

    /** Returns the same for clients of HTTP. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity == null ? null : new KeyManager[] {key}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JVM offers no TLS", missing);
        }
    }

    /** Ends the watching of the files. What they had goes on being used. */
    @Override
    public void close() {
        watcher.interrupt();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PERIOD);
                readChanged();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void readChanged() {
        try {
            List<FileTime> now = times();
            if (!now.equals(seen)) {
                read();
                seen = now;
            }
        } catch (IOException | GeneralSecurityException unusable) {
            LOG.log(Level.WARNING, "TLS files have changed, but cannot be used: {0}", String.valueOf(unusable));
        }
    }

    private void read() throws IOException, GeneralSecurityException {
        PemFile trusted = PemFile.read(authorities);
        if (identity != null) {
            PemFile own = PemFile.read(identity);
            key.updateIdentityCredentials(own.certificates(), own.key());
        }
        trust.updateTrustCredentials(trusted.certificates());
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        times.add(Files.getLastModifiedTime(authorities));
        if (identity != null) {
            times.add(Files.getLastModifiedTime(identity));
        }
        return times;
    }
}

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.Locale;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

/**
 * What one side of a TLS connection costs, in memory, in processor time: a handshake by certificates on both sides, and
 * records of {@value #RECORD} bytes each way. The other side is always BoringSSL, and its time does not count.
 * {@code JDK|OPENSSL KEY-AND-CERTIFICATE AUTHORITIES HANDSHAKES}: one line for the first twenty handshakes, and one for
 * the last tenth of them, by when the JVM has compiled.
 */
final class Handshakes {

    private static final int RECORD = 200;
    private static final int FIRST = 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final SslContext server;
    private final SslContext client;
    private final ByteBuffer toServer = ByteBuffer.allocateDirect(1 << 17);
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(1 << 17);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(1 << 17);
    private long nanos;

    private Handshakes(SslContext server, SslContext client) {
        this.server = server;
        this.client = client;
    }

    public static void main(String[] args) throws Exception {
        SslProvider measured = SslProvider.valueOf(args[0]);
        File own = new File(args[1]);
        File trusted = new File(args[2]);
        int count = Integer.parseInt(args[3]);
        SslContext server = SslContextBuilder.forServer(own, own).trustManager(trusted).sslProvider(measured)
                .clientAuth(ClientAuth.REQUIRE).protocols("TLSv1.3").build();
        SslContext client = SslContextBuilder.forClient().keyManager(own, own).trustManager(trusted)
                .sslProvider(SslProvider.OPENSSL).endpointIdentificationAlgorithm(null).protocols("TLSv1.3").build();
        new Handshakes(server, client).run(count);
    }

    private void run(int count) throws Exception {
        for (int i = 0; i < FIRST; i++) {
            handshake(0);
        }
        System.out.printf(Locale.ROOT, "first %.1f%n", nanos / 1e3 / FIRST);
        int last = Math.max(1, count / 10);
        for (int i = FIRST; i < count - last; i++) {
            handshake(20);
        }
        nanos = 0;
        for (int i = 0; i < last; i++) {
            handshake(0);
        }
        double warm = nanos / 1e3 / last;
        int records = 200;
        nanos = 0;
        for (int i = 0; i < last; i++) {
            handshake(records);
        }
        System.out.printf(Locale.ROOT, "warm %.1f%nrecord %.2f%n", warm, (nanos / 1e3 / last - warm) / records / 2);
    }

    private void handshake(int records) throws Exception {
        SSLEngine s = server.newEngine(UnpooledByteBufAllocator.DEFAULT);
        SSLEngine c = client.newEngine(UnpooledByteBufAllocator.DEFAULT);
        c.beginHandshake();
        long begun = THREADS.getCurrentThreadCpuTime();
        s.beginHandshake();
        nanos += THREADS.getCurrentThreadCpuTime() - begun;
        toServer.clear();
        toClient.clear();
        int idle = 0;
        while (idle < 3) {
            boolean moved = step(c, toClient, toServer);
            begun = THREADS.getCurrentThreadCpuTime();
            moved |= step(s, toServer, toClient);
            nanos += THREADS.getCurrentThreadCpuTime() - begun;
            idle = moved ? 0 : idle + 1;
        }
        if (s.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING || s.getSession().getPeerCertificates().length == 0) {
            throw new IllegalStateException("no handshake: " + s.getHandshakeStatus());
        }
        for (int i = 0; i < records; i++) {
            send(c, toServer);
            begun = THREADS.getCurrentThreadCpuTime();
            receive(s, toServer);
            send(s, toClient);
            nanos += THREADS.getCurrentThreadCpuTime() - begun;
            receive(c, toClient);
        }
        s.closeOutbound();
        c.closeOutbound();
        release(s);
        release(c);
    }

    private static void release(SSLEngine engine) {
        if (engine instanceof io.netty.util.ReferenceCounted counted) {
            counted.release();
        }
    }

    /** Reads what came and writes what there is to say; returns whether anything moved. */
    private boolean step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws Exception {
        boolean moved = false;
        in.flip();
        while (in.hasRemaining()) {
            plain.clear();
            SSLEngineResult read = engine.unwrap(in, plain);
            tasks(engine);
            if (read.bytesConsumed() == 0) {
                break;
            }
            moved = true;
        }
        in.compact();
        plain.clear().flip();
        while (true) {
            SSLEngineResult written = engine.wrap(plain, out);
            tasks(engine);
            if (written.bytesProduced() == 0) {
                break;
            }
            moved = true;
        }
        return moved;
    }

    private static void tasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }

    private void send(SSLEngine engine, ByteBuffer out) throws Exception {
        plain.clear().limit(RECORD);
        engine.wrap(plain, out);
    }

    private void receive(SSLEngine engine, ByteBuffer in) throws Exception {
        in.flip();
        plain.clear();
        while (plain.position() == 0 && in.hasRemaining()) {
            engine.unwrap(in, plain); // the first one may follow a ticket
        }
        if (plain.position() != RECORD) {
            throw new IllegalStateException("a record was not read");
        }
        in.compact();
    }
}

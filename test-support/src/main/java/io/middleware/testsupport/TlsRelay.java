package io.middleware.testsupport;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Takes TLS in front of a plain port of this machine, with a certificate that a test changes while others are connected. */
public final class TlsRelay implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile SSLContext shown;

    /** {@code target}: the plain port. */
    public TlsRelay(int target, X509Bundle certificate) throws Exception {
        this.target = target;
        this.shown = context(certificate);
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    private static SSLContext context(X509Bundle certificate) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return context;
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Shows another certificate from now on, and ends the connections that there are. */
    public void show(X509Bundle certificate) throws Exception {
        shown = context(certificate);
        endAll();
    }

    private void endAll() {
        open.forEach(TlsRelay::end);
        open.clear();
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // it has ended, then
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listening.accept();
                open.add(caller);
                Thread.ofVirtual().start(() -> relay(caller));
            }
        } catch (IOException closed) {
            endAll();
        }
    }

    private void relay(Socket caller) {
        try (caller;
                SSLSocket secure =
                        (SSLSocket) shown.getSocketFactory().createSocket(caller, null, caller.getPort(), true);
                Socket behind = new Socket(InetAddress.getLoopbackAddress(), target)) {
            secure.setUseClientMode(false);
            secure.startHandshake();
            open.add(behind);
            Thread back = Thread.ofVirtual().start(() -> pass(behind, secure));
            pass(secure, behind);
            end(behind);
            back.join();
            open.remove(behind);
        } catch (IOException refused) {
            // it is the caller who says why
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(caller);
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException ended) {
            // the other way ends, too
        }
        end(to);
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        endAll();
    }
}

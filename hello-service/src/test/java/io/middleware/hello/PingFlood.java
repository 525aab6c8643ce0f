package io.middleware.hello;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A caller that speaks just enough HTTP/2 to ping without pause, which no gRPC client would. */
final class PingFlood {

    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int ACK = 1;

    private PingFlood() {}

    /** Sends so many PINGs on an idle connection and counts the answers until all came or the server says GOAWAY. */
    static int answered(String host, int port, int pings) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(5_000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0);
            for (int ping = 0; ping < pings; ping++) {
                frame(out, PING, 8);
            }
            return count(new DataInputStream(socket.getInputStream()), pings);
        }
    }

    private static void frame(DataOutputStream out, int type, int length) throws IOException {
        out.writeByte(0);
        out.writeShort(length);
        out.writeByte(type);
        out.writeByte(0);
        out.writeInt(0);
        out.write(new byte[length]);
        out.flush();
    }

    private static int count(DataInputStream in, int pings) throws IOException {
        int answered = 0;
        while (answered < pings) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.skipNBytes(4L + length);
            if (type == GOAWAY) {
                return answered;
            }
            if (type == PING && (flags & ACK) != 0) {
                answered++;
            }
        }
        return answered;
    }
}

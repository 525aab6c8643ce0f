package io.middleware.gateway.headers;

import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges headers by HTTP/2 (RFC 9113, 8.2) and by gRPC's PROTOCOL-HTTP2, whose metadata are narrower:
 *
 * <pre>
 * name     a token in lower case that concerns no connection; as metadata only of 0-9 a-z _ - ., and not http2-settings, which
 *          concerns the connection of HTTP/1 that asked for an upgrade (RFC 7540, 3.2.1)
 * value    visible characters, and spaces and tabs between them; as metadata only printable ASCII
 * -bin     base64 (RFC 4648, 4), padded or not
 * </pre>
 *
 * Allocates nothing unless a header must be repaired.
 */
public final class MetadataRules {

    /** What to do with a header. */
    public enum Verdict {
        /** Valid metadata. */
        PASS,
        /** Can be made valid: see {@link MetadataRules#repaired}. */
        REPAIR,
        /** Valid in HTTP, but not in gRPC, which lets receivers drop it. */
        DROP,
        /** Not allowed in HTTP/2. */
        MALFORMED
    }

    private static final int NAME = 1;
    private static final int TOKEN = 2;
    private static final int PRINTABLE = 4;
    private static final int FIELD = 8;
    private static final int AUTHORITY = 16;
    private static final int VISIBLE = 32;
    private static final int HTTP_TOKEN = 64;
    private static final int ANY = 127;
    private static final byte[] FORMS = new byte[256];

    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

    static {
        mark("0123456789abcdefghijklmnopqrstuvwxyz_-.", NAME | TOKEN | HTTP_TOKEN);
        mark("!#$%&'*+^`|~", TOKEN | HTTP_TOKEN);
        mark("ABCDEFGHIJKLMNOPQRSTUVWXYZ", HTTP_TOKEN);
        // RFC 3986, 3.2, without user information, which RFC 9113 forbids
        mark("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&'()*+,;=%:[]", AUTHORITY);
        for (int c = ' '; c <= '~'; c++) {
            FORMS[c] |= (byte) (PRINTABLE | FIELD | (c == ' ' ? 0 : VISIBLE));
        }
        FORMS['\t'] |= FIELD;
        for (int c = 128; c < 256; c++) {
            FORMS[c] |= FIELD;
        }
    }

    private MetadataRules() {}

    /** Judges a header whose name does not begin with a colon. */
    public static Verdict judge(CharSequence name, CharSequence value) {
        int nameForm = form(name);
        int valueForm = form(value);
        if (name.isEmpty() || (nameForm & TOKEN) == 0 || (valueForm & FIELD) == 0 || concernsConnection(name)) {
            return Verdict.MALFORMED;
        }
        if ((nameForm & NAME) == 0 || HTTP2_SETTINGS.contentEquals(name)) {
            return Verdict.DROP;
        }
        if (BinaryMetadata.isName(name)) {
            return BinaryMetadata.isBase64(value) ? Verdict.PASS : Verdict.REPAIR;
        }
        if ((valueForm & PRINTABLE) == 0) {
            return isCredential(name) ? Verdict.REPAIR : Verdict.DROP;
        }
        return hasOuterSpace(value) ? Verdict.REPAIR : Verdict.PASS;
    }

    /**
     * Returns the valid values of a header that can be repaired, without spaces around them; null for a {@code -bin}
     * that is not base64. A credential that gRPC does not allow becomes an empty one, as without it its caller would have shown none.
     */
    public static @Nullable List<String> repaired(CharSequence name, CharSequence value) {
        if (BinaryMetadata.isName(name)) {
            return BinaryMetadata.repaired(value);
        }
        return List.of(
                isPrintable(value) || !isCredential(name) ? value.toString().strip() : "");
    }

    /** Returns what is malformed about a header, and what was expected. */
    public static String explain(CharSequence name, CharSequence value) {
        if (!name.isEmpty() && (form(name) & TOKEN) != 0) {
            return concernsConnection(name)
                    ? "header " + name + " (expected: none that concerns a connection)"
                    : "header " + name + " with a control character in its value (expected: printable ASCII)";
        }
        return "header \"" + name + "\" (expected: a name of 0-9 a-z _ - .)";
    }

    /** Returns whether HTTP/1.1 allows a header (RFC 9110, 5). */
    public static boolean isHttp(CharSequence name, CharSequence value) {
        return isToken(name) && (form(value) & FIELD) != 0;
    }

    /** Returns whether HTTP allows a name (RFC 9110, 5.6.2). */
    public static boolean isToken(CharSequence name) {
        return !name.isEmpty() && (form(name) & HTTP_TOKEN) != 0;
    }

    /** Returns whether a value is printable ASCII. */
    public static boolean isPrintable(CharSequence value) {
        return (form(value) & PRINTABLE) != 0;
    }

    /** Returns whether a value has the form of {@code :authority}: a host and perhaps a port. */
    public static boolean isAuthority(CharSequence value) {
        return !value.isEmpty() && (form(value) & AUTHORITY) != 0;
    }

    /** Returns whether a value has the form of {@code :path}. */
    public static boolean isPath(CharSequence value) {
        return !value.isEmpty() && value.charAt(0) == '/' && (form(value) & VISIBLE) != 0;
    }

    private static boolean isCredential(CharSequence name) {
        return switch (name.length()) {
            case 9 -> Credentials.API_KEY.contentEquals(name);
            case 13 -> Credentials.AUTHORIZATION.contentEquals(name);
            default -> false;
        };
    }

    private static boolean hasOuterSpace(CharSequence value) {
        return !value.isEmpty() && (isSpace(value.charAt(0)) || isSpace(value.charAt(value.length() - 1)));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** RFC 9113, 8.2.2. */
    private static boolean concernsConnection(CharSequence name) {
        return switch (name.length()) {
            case 7 -> UPGRADE.contentEquals(name);
            case 10 -> CONNECTION.contentEquals(name) || KEEP_ALIVE.contentEquals(name);
            case 16 -> PROXY_CONNECTION.contentEquals(name);
            case 17 -> TRANSFER_ENCODING.contentEquals(name);
            default -> false;
        };
    }

    /** Returns the forms that all characters have in common. */
    private static int form(CharSequence text) {
        int form = ANY;
        if (text instanceof AsciiString ascii) {
            byte[] octets = ascii.array();
            for (int i = ascii.arrayOffset(), end = i + ascii.length(); i < end; i++) {
                form &= FORMS[octets[i] & 0xff];
            }
        } else {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                form &= c < 256 ? FORMS[c] : 0;
            }
        }
        return form;
    }

    private static void mark(String characters, int form) {
        for (int i = 0; i < characters.length(); i++) {
            FORMS[characters.charAt(i)] |= (byte) form;
        }
    }
}

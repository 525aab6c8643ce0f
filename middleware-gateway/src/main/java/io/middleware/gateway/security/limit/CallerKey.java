package io.middleware.gateway.security.limit;

import io.middleware.core.Headers;
import io.middleware.gateway.security.rules.Rule;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.util.HexFormat;
import java.util.List;

/**
 * Whose allowance a call uses: its caller's or, of one who is not known, the address that Nginx has added last to
 * {@code x-forwarded-for}. What is before it may be forged. Of an IPv6 address the first half counts: the other half is the
 * caller's to choose.
 */
final class CallerKey {
    private static final AsciiString FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final int IPV6_NETWORK = 8;

    private CallerKey() {}

    static String of(String caller, Headers headers) {
        return caller.equals(Rule.ANONYMOUS) ? address(headers) : caller;
    }

    private static String address(Headers headers) {
        List<? extends CharSequence> hops = headers.all(FORWARDED_FOR);
        if (hops.isEmpty()) {
            return Rule.ANONYMOUS;
        }
        String all = hops.getLast().toString();
        byte[] address = NetUtil.createByteArrayFromIpAddressString(
                all.substring(all.lastIndexOf(',') + 1).strip());
        if (address == null) {
            return Rule.ANONYMOUS;
        }
        int length = address.length > 4 ? IPV6_NETWORK : address.length;
        return "address:" + HexFormat.of().formatHex(address, 0, length);
    }
}

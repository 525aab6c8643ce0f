package io.middleware.gateway.ingress;

import java.util.List;

/**
 * What the port for gRPC serves besides gRPC.
 *
 * @param cors  the pages that may read responses, other than those by gRPC
 * @param shape how many messages requests have
 */
public record CallerProtocols(List<CallerProtocol> others, Cors cors, RequestShape shape) {
    public static final CallerProtocols NONE = new CallerProtocols(List.of(), Cors.NONE, RequestShape.UNKNOWN);

    public CallerProtocols {
        others = List.copyOf(others);
    }
}

package io.middleware.starter.fault;

import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Shows the current fault, and sets another: {@code POST /actuator/fault} with <code>{"mode":"slow=200ms"}</code>. */
@Endpoint(id = "fault")
final class FaultEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(FaultEndpoint.class);

    private final FaultInterceptor interceptor;

    FaultEndpoint(FaultInterceptor interceptor) {
        this.interceptor = interceptor;
    }

    @ReadOperation
    Map<String, String> fault() {
        return Map.of("mode", interceptor.inForce().toString());
    }

    /** Sets a fault. An unknown mode is refused with 400 and the reason in {@code message}. */
    @WriteOperation
    WebEndpointResponse<Map<String, String>> put(String mode) {
        try {
            interceptor.put(Fault.parse(mode));
        } catch (IllegalArgumentException wrong) {
            return new WebEndpointResponse<>(
                    Map.of("message", wrong.getMessage()), WebEndpointResponse.STATUS_BAD_REQUEST);
        }
        LOG.warn("fault in force: {}", interceptor.inForce());
        return new WebEndpointResponse<>(fault());
    }
}

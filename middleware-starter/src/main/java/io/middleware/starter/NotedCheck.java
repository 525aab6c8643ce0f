package io.middleware.starter;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.springframework.beans.BeanUtils;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.model.http.agent.NewService;

/**
 * A check for Consul that says what it is. What a beat says of itself is shown there only now and then, as Consul's
 * agents pass on the text of a check whose status stays the same once in a while.
 */
public final class NotedCheck extends NewService.Check {

    private final String notes;

    public NotedCheck(NewService.Check check, HeartbeatProperties heartbeat) {
        BeanUtils.copyProperties(check, this);
        this.notes =
                "A heartbeat each " + HeartbeatScheduler.interval(heartbeat).toMillis() + " ms; critical after "
                        + check.getTtl() + " without one";
    }

    @JsonProperty("Notes")
    String notes() {
        return notes;
    }
}

package io.middleware.starter;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.springframework.beans.BeanUtils;
import org.springframework.cloud.consul.discovery.HeartbeatProperties;
import org.springframework.cloud.consul.model.http.agent.NewService;

/**
 * A check with a note for people that says how it works. The text of a heartbeat cannot: Consul's agents forward the
 * output of a check only now and then while its status stays the same.
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

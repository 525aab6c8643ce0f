package io.middleware.starter;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.springframework.beans.BeanUtils;
import org.springframework.cloud.consul.model.http.agent.NewService;

/** A service for Consul with weights, which the library's type lacks. */
final class WeightedService extends NewService {

    private final int weight;

    WeightedService(NewService service, int weight) {
        BeanUtils.copyProperties(service, this);
        this.weight = weight;
    }

    @JsonProperty("Weights")
    Map<String, Integer> weights() {
        return Map.of("Passing", weight, "Warning", 1);
    }
}

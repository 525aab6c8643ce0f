package io.middleware.gateway.consul;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One element of Consul's response to {@code /v1/health/service/NAME}. Fields that are missing there are null or 0.
 */
record HealthEntry(
        @JsonProperty("Node") @Nullable Node node,
        @JsonProperty("Service") @Nullable Service service,
        @JsonProperty("Checks") List<Check> checks) {

    record Node(
            @JsonProperty("Node") @Nullable String name,
            @JsonProperty("Address") @Nullable String address) {}

    record Service(
            @JsonProperty("ID") @Nullable String id,
            @JsonProperty("Address") @Nullable String address,
            @JsonProperty("Port") int port,
            @JsonProperty("Kind") String kind,
            @JsonProperty("Tags") List<String> tags,
            @JsonProperty("Meta") Map<String, String> meta,
            @JsonProperty("Weights") Weights weights,
            @JsonProperty("CreateIndex") long createIndex,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        Service {
            kind = kind == null ? "" : kind;
            tags = tags == null ? List.of() : tags;
            meta = meta == null ? Map.of() : meta;
            weights = weights == null ? new Weights(1, 1) : weights;
        }

        /** Whether the service has the tag, in either case. */
        boolean hasTag(String tag) {
            return tags.stream()
                    .anyMatch(given -> given != null && given.strip().equalsIgnoreCase(tag));
        }
    }

    record Weights(
            @JsonProperty("Passing") int passing,
            @JsonProperty("Warning") int warning) {}

    record Check(
            @JsonProperty("CheckID") String id,
            @JsonProperty("Status") String status,
            @JsonProperty("ModifyIndex") long modifyIndex) {

        Check {
            id = id == null ? "" : id;
            status = status == null ? "" : status;
        }

        boolean isMaintenance() {
            return id.equals("_node_maintenance") || id.startsWith("_service_maintenance:");
        }
    }

    HealthEntry {
        checks = checks == null ? List.of() : checks;
    }

    boolean inMaintenance() {
        return checks.stream().anyMatch(Check::isMaintenance);
    }

    boolean hasCheck(String status) {
        return checks.stream().anyMatch(check -> check.status().equals(status));
    }
}

package io.middleware.starter.exposure;

import java.util.List;

/** The ports that one part of the application opens. Each bean of this type is checked at the start. */
@FunctionalInterface
public interface ListeningPorts {

    List<ListeningPort> list();
}

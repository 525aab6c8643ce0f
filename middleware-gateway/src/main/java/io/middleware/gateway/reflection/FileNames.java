package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.reflection.FileGraph.Node;
import io.middleware.gateway.schema.ImportOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Names the files of a catalog. The first file of a name keeps it. Another one with the same name gets its digest into
 * the name, and the files that import it are rewritten. So clients that put all files into one registry can link each
 * of them, and gateways that know the same files give them the same names.
 */
final class FileNames {
    private static final int DIGITS = 8;

    private final Map<String, CatalogFile> before;
    private final Map<String, CatalogFile> byDigest = new HashMap<>();
    private final Map<String, CatalogFile> byName = new LinkedHashMap<>();

    /** {@code before}: files of another catalog, by digest. */
    FileNames(Map<String, CatalogFile> before) {
        this.before = before;
    }

    /** Adds a file and all that it imports, unless they are here already. */
    CatalogFile add(Node node) {
        for (Node each : unknown(node)) {
            List<CatalogFile> imports = each.imports().stream().map(this::known).toList();
            CatalogFile file = file(each, free(each), imports);
            byDigest.put(each.digest(), file);
            byName.put(file.name(), file);
        }
        return known(node);
    }

    private CatalogFile known(Node node) {
        return Objects.requireNonNull(byDigest.get(node.digest()), node::name);
    }

    private List<Node> unknown(Node node) {
        return ImportOrder.of(node, Node::imports, each -> byDigest.containsKey(each.digest()));
    }

    private CatalogFile file(Node node, String name, List<CatalogFile> imports) {
        CatalogFile same = before.get(node.digest());
        return same != null && same.name().equals(name) && same.imports().equals(imports)
                ? same
                : new CatalogFile(name, node.file(), content(node, name, imports), imports);
    }

    /** Adds a file that nothing needs, unless it or one that it imports would need another name. */
    void addIfFree(Node node) {
        if (unknown(node).stream().noneMatch(each -> byName.containsKey(each.name()))) {
            add(node);
        }
    }

    private String free(Node node) {
        String name = node.name();
        int end = name.endsWith(".proto") ? name.length() - ".proto".length() : name.length();
        for (int digits = DIGITS; byName.containsKey(name); digits++) {
            name = node.name().substring(0, end)
                    + "-" + node.digest().substring(0, digits)
                    + node.name().substring(end);
        }
        return name;
    }

    private static ByteString content(Node node, String name, List<CatalogFile> files) {
        List<String> imports = files.stream().map(CatalogFile::name).toList();
        List<String> original = node.imports().stream().map(Node::name).toList();
        if (name.equals(node.name()) && imports.equals(original)) {
            return node.content();
        }
        try {
            return FileDescriptorProto.parseFrom(node.content()).toBuilder()
                    .setName(name)
                    .clearDependency()
                    .addAllDependency(imports)
                    .build()
                    .toByteString();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(node.name(), e);
        }
    }

    @Nullable
    CatalogFile get(String name) {
        return byName.get(name);
    }

    Map<String, CatalogFile> byDigest() {
        return byDigest;
    }

    /** Returns all files in the order in which they were added. */
    Collection<CatalogFile> all() {
        return byName.values();
    }
}

package io.middleware.gateway.reflection;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import io.middleware.gateway.reflection.FileGraph.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        CatalogFile known = byDigest.get(node.digest());
        if (known != null) {
            return known;
        }
        Set<CatalogFile> closure = new LinkedHashSet<>();
        List<String> imports = new ArrayList<>();
        for (Node imported : node.imports()) {
            CatalogFile file = add(imported);
            closure.addAll(file.closure());
            closure.add(file);
            imports.add(file.name());
        }
        String name = free(node);
        CatalogFile file = file(node, name, imports, List.copyOf(closure));
        byDigest.put(node.digest(), file);
        byName.put(name, file);
        return file;
    }

    private CatalogFile file(Node node, String name, List<String> imports, List<CatalogFile> closure) {
        CatalogFile same = before.get(node.digest());
        return same != null && same.name().equals(name) && same.closure().equals(closure)
                ? same
                : new CatalogFile(name, node.file(), content(node, name, imports), closure);
    }

    /** Adds a file that nothing needs, unless it or one that it imports would need another name. */
    void addIfFree(Node node) {
        if (fits(node)) {
            add(node);
        }
    }

    private boolean fits(Node node) {
        return byDigest.containsKey(node.digest())
                || !byName.containsKey(node.name()) && node.imports().stream().allMatch(this::fits);
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

    private static ByteString content(Node node, String name, List<String> imports) {
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

using System.Security.Cryptography;
using RecordingVault.Cli.Output;
using RecordingVault.Marks.C2pa;
using RecordingVault.Marks.Carriers;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Verifying;

/// <summary>A file that lies by itself, out of a package say, and the manifest beside it.</summary>
internal sealed record LooseCheck(string File, long Length, ReadOnlyMemory<byte> Sha256, ManifestCheck Manifest, IReadOnlyList<string> Says)
{
    /// <summary>The store that is to be judged; null where the file is a package, a document or has none beside it. Those two are signed themselves, and no manifest beside them speaks in their place.</summary>
    public static string? StoreOf(string path, ReadOnlySpan<byte> head)
    {
        if (path.EndsWith(Sidecars.C2paEnding, StringComparison.OrdinalIgnoreCase))
            return path;
        return !head.StartsWith("PK"u8) && !head.StartsWith("{"u8) && System.IO.File.Exists(path + Sidecars.C2paEnding) ? path + Sidecars.C2paEnding : null;
    }

    /// <exception cref="PackageException">The manifest is not right, or not of this file as it is.</exception>
    /// <exception cref="CommandException">There is no file beside the store.</exception>
    public static async Task<LooseCheck> OfAsync(string store, IReadOnlyList<KeptKey>? keys, CancellationToken cancellationToken)
    {
        var path = store[..^Sidecars.C2paEnding.Length];
        if (!System.IO.File.Exists(path)) throw new CommandException(ExitCode.Usage, $"There is no file {path}, which {Path.GetFileName(store)} is of.");
        await using var content = System.IO.File.OpenRead(path);
        var sha256 = await SHA256.HashDataAsync(content, cancellationToken);
        var bytes = new FileInfo(store).Length <= Sidecars.LongestStore ? await System.IO.File.ReadAllBytesAsync(store, cancellationToken) : null;
        var manifest = ManifestCheck.Of(Path.GetFileName(store), bytes, sha256, keys);
        return manifest.Verdict == DetachedVerdict.Bound
            ? new LooseCheck(Path.GetFileName(path), content.Length, sha256, manifest, [.. C2paReader.Read(bytes).Select(mark => mark.Value)])
            : throw new PackageException(manifest.Verdict.Failure(), $"{ShownText.Of(manifest.Name)}: {manifest.Verdict.Words()}.");
    }

    public IEnumerable<string> Lines()
    {
        yield return "Whole, and as it was signed: no byte of it was changed since.";
        yield return $"{"file",-10}{ShownText.Of(File)}, {Length} bytes, SHA-256 {Convert.ToHexStringLower(Sha256.Span)}";
        yield return $"{"manifest",-10}{ShownText.Of(Manifest.Name)}: {Manifest.Verdict.Words()}";
        foreach (var said in Says)
            yield return $"{"says",-10}{ShownText.Of(said)}";
        yield return $"{"key",-10}{Manifest.Key.Words("manifest")}";
        yield return "This is proof of no change since it was signed, not of who the key's owner is, and not of what the recording shows.";
    }

    public string Json() => JsonLine.Of(json =>
    {
        json.WriteBoolean("whole", true);
        json.WriteString("key", Manifest.Key.Name());
        json.WriteString("kind", "c2pa-sidecar");
        json.WriteString("file", File);
        json.WriteNumber("bytes", Length);
        json.WriteString("sha256", Convert.ToHexStringLower(Sha256.Span));
        json.WriteString("manifest", Manifest.Name);
    });
}

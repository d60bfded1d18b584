using System.Security.Cryptography;
using RecordingVault.Cli.Verifying;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Cli.Inspecting;

/// <summary>A mark, and the file in which it stands.</summary>
internal sealed record PlacedMark(string File, FoundMark Mark);

/// <summary>Two marks that say different things of one use. A mark that says nothing of it contradicts nobody.</summary>
internal sealed record Disagreement(Use Use, PlacedMark One, PlacedMark Other);

/// <summary>The marks of a media file and of the sidecars beside it, and what follows from them.</summary>
internal sealed record MarkReport(FileKind Kind, long Length, IReadOnlyList<PlacedMark> Marks)
{
    /// <summary>The manifests in files of their own beside it, judged by its bytes.</summary>
    public IReadOnlyList<ManifestCheck> Manifests { get; init; } = [];

    /// <summary>The strictest of all marks, use by use; null where there is none.</summary>
    public UsageRights? Together => Marks.Count == 0 ? null : UsageRights.Of(use => Strictest([.. Marks.Select(placed => placed.Mark.Says[use]).Where(said => said != UseDecision.Unspecified)]));

    /// <summary>The first pair for each use on which marks disagree.</summary>
    public IReadOnlyList<Disagreement> Disagreements => [.. UsageRights.Uses.Select(Disagree).OfType<Disagreement>()];

    public static async Task<MarkReport?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (await ReadFileAsync(path, cancellationToken) is not var (kind, length, marks))
            return null;
        List<ManifestCheck> manifests = [];
        foreach (var beside in Sidecars.Beside(path).Where(File.Exists))
        {
            var read = await ReadFileAsync(beside, cancellationToken);
            marks = [.. marks, .. read?.Marks ?? [new PlacedMark(Path.GetFileName(beside), FoundMark.Unreadable("sidecar"))]];
            if (read?.Kind.MediaType == Sidecars.C2paMediaType)
                manifests.Add(await JudgeAsync(path, beside, cancellationToken));
        }

        return new MarkReport(kind, length, marks) { Manifests = manifests };
    }

    /// <summary>Reads the whole file, which nothing else here does: without its digest a manifest beside it says nothing of it.</summary>
    private static async Task<ManifestCheck> JudgeAsync(string path, string beside, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(path);
        var store = new FileInfo(beside).Length <= Sidecars.LongestStore ? await File.ReadAllBytesAsync(beside, cancellationToken) : null;
        return ManifestCheck.Of(Path.GetFileName(beside), store, await SHA256.HashDataAsync(content, cancellationToken), keys: null);
    }

    private static async Task<(FileKind Kind, long Length, IReadOnlyList<PlacedMark> Marks)?> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        using var handle = File.OpenHandle(path);
        var file = new OpenFile(handle);
        var head = new byte[Math.Min(file.Length, FileKind.HeadLength)];
        await file.ReadAsync(0, head, cancellationToken);
        if (FileKind.Of(head) is not { } kind)
            return null;
        var name = Path.GetFileName(path);
        return (kind, file.Length, [.. (await FileMarks.FindAsync(file, kind.MediaType, cancellationToken)).Select(mark => new PlacedMark(name, mark))]);
    }

    private static UseDecision Strictest(IReadOnlyList<UseDecision> said) => said.Count == 0 ? UseDecision.Unspecified : said.Aggregate(UseDecisions.Join);

    private Disagreement? Disagree(Use use)
    {
        var speaking = Marks.Where(placed => placed.Mark.Says[use] != UseDecision.Unspecified).ToList();
        return speaking.Find(other => other.Mark.Says[use] != speaking[0].Mark.Says[use]) is { } other ? new Disagreement(use, speaking[0], other) : null;
    }
}

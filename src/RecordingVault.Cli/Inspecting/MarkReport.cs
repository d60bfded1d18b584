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
    /// <summary>The strictest of all marks, use by use; null where there is none.</summary>
    public UsageRights? Together => Marks.Count == 0 ? null : UsageRights.Of(use => Strictest([.. Marks.Select(placed => placed.Mark.Says[use]).Where(said => said != UseDecision.Unspecified)]));

    /// <summary>The first pair for each use on which marks disagree.</summary>
    public IReadOnlyList<Disagreement> Disagreements => [.. UsageRights.Uses.Select(Disagree).OfType<Disagreement>()];

    public static async Task<MarkReport?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (await ReadFileAsync(path, cancellationToken) is not var (kind, length, marks))
            return null;
        foreach (var beside in Sidecars.Beside(path).Where(File.Exists))
            marks = [.. marks, .. (await ReadFileAsync(beside, cancellationToken))?.Marks ?? [new PlacedMark(Path.GetFileName(beside), FoundMark.Unreadable("sidecar"))]];
        return new MarkReport(kind, length, marks);
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

using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Playback.Marking;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Which of a recording's files is asked for: one by its id, the one that plays, the original, or what stands beside them.</summary>
/// <param name="Id">An original or a rendition: nothing else plays; or what stands beside them.</param>
/// <param name="PrefersRendition">What was made for browsers counts before the original, where it is there.</param>
/// <param name="Beside">What stands beside the film is asked for, and nothing of the film itself; null for the film.</param>
internal readonly record struct AssetWish(Guid? Id, bool PrefersRendition, ObjectRole? Beside = null)
{
    /// <summary>What a download gives: the original, and of several the one whose upload began first, which lists and pages tell of as well.</summary>
    public static readonly AssetWish Original = new(null, PrefersRendition: false);

    /// <summary>What a player plays. A page names the file, so that nothing changes under a player when a rendition is ready meanwhile.</summary>
    public static AssetWish Playable(Guid? id) => new(id, PrefersRendition: true);

    /// <summary>A poster, a sheet of thumbnails, a waveform or captions, by its id.</summary>
    public static AssetWish Of(ObjectRole beside, Guid id) => new(id, PrefersRendition: false, beside);

    /// <param name="rendition">The one that was made from the original that lists tell of; null where there is none.</param>
    public ManifestAsset? Find(Manifest manifest, Guid? rendition)
    {
        var (id, _, beside) = this;
        if (beside is not null)
            return manifest.Assets.SingleOrDefault(asset => asset.Id == id && asset.Role == beside);
        if (id is not null)
            return manifest.Assets.SingleOrDefault(asset => asset.Id == id && asset.Role is ObjectRole.OriginalSegment or ObjectRole.Rendition);
        return (PrefersRendition ? manifest.Assets.SingleOrDefault(asset => asset.Id == rendition && asset.Role == ObjectRole.Rendition) : null)
            ?? manifest.Assets.Where(asset => asset.Role == ObjectRole.OriginalSegment).MinBy(asset => asset.Id);
    }
}

/// <summary>What the gate answers: content that may leave now, or the reasons why it does not.</summary>
internal abstract record ReleaseDecision
{
    internal sealed record Refused(IReadOnlyList<Problem> Reasons) : ReleaseDecision;

    internal sealed record Allowed(OpenedRelease Release) : ReleaseDecision;
}

/// <summary>Content that was let out: its event is on disk. Disposing wipes the key it is read with.</summary>
internal sealed class OpenedRelease(ReleasePass pass, AssetReader reader, AssetReader? stored, ServedMark? mark) : IDisposable
{
    public Guid Id => pass.ReleaseId;
    public Guid TenantId => pass.TenantId;
    public Guid RecordingId => pass.RecordingId;
    public ManifestAsset Asset => pass.Asset;
    public UsageTag Tag => pass.Tag;
    public StandingEnd? End => pass.End;

    /// <summary>The tenant's revocation counter under which it was let out.</summary>
    public long Revocations => pass.Revocations;
    public AssetReader Reader { get; } = reader;

    /// <summary>The file as it leaves.</summary>
    public ServedBytes Bytes { get; } = new(reader, stored, mark);

    /// <summary>The front that leaves with it; null where there is none.</summary>
    public ServedMark? Mark => mark;

    /// <summary>It is of a kind that takes a mark, and this one can't be marked: it leaves as plain bytes, to who may have it anyway, and the log says so.</summary>
    public bool IsUnmarked => pass.IsUnmarked;

    /// <summary>Null where nothing is paced.</summary>
    public double? PacedBytesPerSecond => pass.PacedBytesPerSecond;
    public required Asker Asker { get; init; }
    public required ReleasePurpose Purpose { get; init; }

    public void Dispose()
    {
        Bytes.Dispose();
        Reader.Dispose();
    }
}

using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Features.Playback;

/// <summary>Which of a recording's assets is asked for: one by its id, or the one that plays.</summary>
internal readonly record struct AssetWish(Guid? Id, ObjectRole? Role)
{
    /// <summary>What a player plays and a download gives: the original, and of several the one whose upload began first, which lists and pages tell of as well.</summary>
    public static readonly AssetWish Film = new(null, ObjectRole.OriginalSegment);

    public ManifestAsset? Find(Manifest manifest)
    {
        var (id, role) = this;
        return manifest.Assets.Where(asset => (id is null || asset.Id == id) && (role is null || asset.Role == role)).MinBy(asset => asset.Id);
    }
}

/// <summary>What the gate answers: content that may leave now, or the reasons why it does not.</summary>
internal abstract record ReleaseDecision
{
    internal sealed record Refused(IReadOnlyList<Problem> Reasons) : ReleaseDecision;

    internal sealed record Allowed(OpenedRelease Release) : ReleaseDecision;
}

/// <summary>Content that was let out: its event is on disk. Disposing wipes the key it is read with.</summary>
internal sealed class OpenedRelease(ReleasePass pass, AssetReader reader) : IDisposable
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
    public required Asker Asker { get; init; }
    public required ReleasePurpose Purpose { get; init; }

    public void Dispose() => Reader.Dispose();
}

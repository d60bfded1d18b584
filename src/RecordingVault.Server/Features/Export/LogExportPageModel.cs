using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export;

/// <summary>GET /audit/export with the words of <see cref="AuditWish"/>. Its form answers with the file.</summary>
public sealed record LogExportPageModel
{
    public required PageFrame Frame { get; init; }

    public required AuditWish Wish { get; init; }

    /// <summary>How many events it would be now.</summary>
    public required int Count { get; init; }

    /// <summary>The sign-in is older than such an export asks for.</summary>
    public bool NeedsSignIn { get; init; }
}

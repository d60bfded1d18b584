using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Export;

/// <summary>GET /api/v1/audit/export: the log as a file, for scripts.</summary>
internal static class ExportLog
{
    public static async Task<IResult> Handle(string? format, [AsParameters] AuditWish wish, HttpContext http, LogRelease release, TimeProvider time, CancellationToken cancellationToken)
    {
        if (LogFormat.Read(string.IsNullOrEmpty(format) ? LogFormat.Json.Name : format) is not { } wanted)
            return Problem.Invalid("format", "ask for csv or json.").ToResult();
        var (filter, unread) = AuditFilter.Read(wish, time.Now());
        if (filter is null)
            return unread!.ToResult();
        var (begun, refusal) = await release.BeginAsync(http, wish, filter, wanted, cancellationToken);
        return begun is null ? refusal!.ToResult() : new LogFile(release, begun, wanted);
    }
}

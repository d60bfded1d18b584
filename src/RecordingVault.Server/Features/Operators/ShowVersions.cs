using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Processing.Sandbox;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

/// <summary>GET /operator/versions</summary>
public sealed record OperatorVersionsPageModel
{
    public required OperatorFrame Frame { get; init; }

    public required string Product { get; init; }

    public required string Runtime { get; init; }

    public required string System { get; init; }

    public required string Database { get; init; }

    /// <summary>Name of the newest migration that was applied.</summary>
    public required string Migration { get; init; }

    public required int PendingMigrations { get; init; }

    /// <summary>Of the one that processing runs, in its sandbox; null where it runs none.</summary>
    public required string? Ffmpeg { get; init; }
}

internal static class ShowVersions
{
    public static async Task<RazorComponentResult<OperatorVersionsPage>> Handle(
        HttpContext http, VaultMigrator migrator, MediaSandbox sandbox, OperatorAnswer answer, CancellationToken cancellationToken) =>
        PageAnswers.Page<OperatorVersionsPage>(new OperatorVersionsPageModel
        {
            Frame = answer.Frame(http),
            Product = typeof(ShowVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Runtime = RuntimeInformation.FrameworkDescription,
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            Database = await migrator.EngineAsync(cancellationToken),
            Migration = (await migrator.AppliedAsync(cancellationToken)) is [.., var newest] ? newest : "none",
            PendingMigrations = (await migrator.PendingAsync(cancellationToken)).Count,
            Ffmpeg = await sandbox.VersionAsync(),
        });
}

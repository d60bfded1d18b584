using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators;

public enum HealthState
{
    Good,

    /// <summary>Worth knowing.</summary>
    Look,

    /// <summary>Something that the vault promises does not hold.</summary>
    Bad,
}

/// <param name="Cure">What to do about it; several lines where it is a listing.</param>
public sealed record HealthLine(HealthState State, string Subject, string Says, string? Cure);

/// <summary>Looks at what the vault stands on; the verb `doctor` tells the same and tries the store besides.</summary>
internal interface IHealthLook
{
    Task<IReadOnlyList<HealthLine>> LookAsync(CancellationToken cancellationToken);
}

/// <summary>GET /operator</summary>
public sealed record OperatorHealthPageModel
{
    public required OperatorFrame Frame { get; init; }

    /// <summary>The worst first.</summary>
    public required IReadOnlyList<HealthLine> Lines { get; init; }
}

internal static class ShowHealth
{
    public static async Task<RazorComponentResult<OperatorHealthPage>> Handle(HttpContext http, IHealthLook health, OperatorAnswer answer, CancellationToken cancellationToken) =>
        PageAnswers.Page<OperatorHealthPage>(new OperatorHealthPageModel
        {
            Frame = answer.Frame(http),
            Lines = [.. (await health.LookAsync(cancellationToken)).OrderByDescending(line => line.State)],
        });
}

internal sealed class OperatorAnswer(PageFrames frames)
{
    public OperatorFrame Frame(HttpContext http) => new(frames.ForVisitor(http), http.User.Identity?.Name ?? "");
}

using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Passkeys;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Operators.Passkeys;

/// <summary>GET /operator/security</summary>
public sealed record OperatorSecurityPageModel
{
    public required OperatorFrame Frame { get; init; }

    public required PasskeysPartModel Passkeys { get; init; }
}

/// <summary>By what an operator shows who he is.</summary>
internal static class ShowOperatorSecurity
{
    public const string Path = ManagementListener.Home + "/security";

    public static async Task<RazorComponentResult<OperatorSecurityPage>> Handle(HttpContext http, OperatorPasskeyList passkeys, OperatorAnswer answer, CancellationToken cancellationToken)
    {
        var frame = answer.Frame(http);
        return PageAnswers.Page<OperatorSecurityPage>(new OperatorSecurityPageModel { Frame = frame, Passkeys = await passkeys.PartAsync(http, frame.Page, cancellationToken) });
    }
}

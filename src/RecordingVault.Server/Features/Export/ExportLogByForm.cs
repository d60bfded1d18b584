using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Export;

/// <summary>The page that says what will leave, and its form, which answers with the file.</summary>
internal static class ExportLogByForm
{
    public const string Path = "/audit/export";

    public static async Task<IResult> Show(HttpContext http, AuditReading reading, PageFrames frames, TimeProvider time, CancellationToken cancellationToken)
    {
        var wish = AuditWish.Of(name => http.Request.Query[name] is [{ } value] ? value : null);
        var (filter, _) = AuditFilter.Read(wish, time.Now());
        if (filter is null)
            return TypedResults.LocalRedirect(Path);
        return PageAnswers.Page<LogExportPage>(new LogExportPageModel
        {
            Frame = await frames.ForMemberAsync(http, NavEntry.Audit, cancellationToken),
            Wish = wish,
            Count = await reading.CountAsync(filter, cancellationToken),
            NeedsSignIn = FreshSignIn.Check(http, time.GetUtcNow()) is not null,
        });
    }

    public static async Task<IResult> Make(HttpContext http, LogRelease release, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var wish = AuditWish.Of(name => form[name]);
        if (FreshSignIn.Check(http, time.GetUtcNow()) is not null)
            return TypedResults.LocalRedirect(FreshSignIn.PageBefore(wish.At(Path)));
        if (AuditFilter.Read(wish, time.Now()).Filter is not { } filter || LogFormat.Read(form["format"]) is not { } format)
            return TypedResults.LocalRedirect(Path);
        var (begun, refusal) = await release.BeginAsync(http, wish, filter, format, cancellationToken);
        return begun is null ? refusal!.ToResult() : new LogFile(release, begun, format);
    }
}

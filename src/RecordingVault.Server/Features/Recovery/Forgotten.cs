using Microsoft.AspNetCore.Http.HttpResults;
using RecordingVault.Server.Features.Mail;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Recovery;

/// <summary>Who has forgotten his password asks for a link. The answer is the same whether there is such an account or not, and comes before anybody has looked.</summary>
internal static class Forgotten
{
    public const string Path = "/forgotten";

    public static RazorComponentResult<ForgottenPage> Show(HttpContext http, ForgottenAnswer answer) => ForgottenAnswer.Page(http, answer.Model(http));

    public static async Task<Results<RazorComponentResult<ForgottenPage>, ProblemHttpResult>> Handle(
        HttpContext http, Outbox outbox, ResetTries tries, ResetRequests requests, ForgottenAnswer answer, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await PostedForm.ReadAsync(http.Request, cancellationToken) is not { } form)
            return Problem.NoForm.ToResult();
        var model = answer.Model(http) with { Email = form["email"].Trim() };
        if (!outbox.IsConfigured)
            return ForgottenAnswer.Page(http, model);
        if (MemberRules.CheckEmail(model.Email) is not null)
            return ForgottenAnswer.Page(http, model with { IsNoAddress = true }, StatusCodes.Status400BadRequest);
        if (await tries.TakeAsync(model.Email, http.Connection.RemoteIpAddress, cancellationToken) is { } until)
        {
            http.Response.RetryAfter(until - time.Now());
            return ForgottenAnswer.Page(http, model with { NextTryAt = until }, StatusCodes.Status429TooManyRequests);
        }

        requests.Take(model.Email, http.Stranger());
        return ForgottenAnswer.Page(http, model with { IsTaken = true });
    }
}

internal sealed class ForgottenAnswer(PageFrames frames, Outbox outbox)
{
    public ForgottenPageModel Model(HttpContext http) =>
        new() { Frame = frames.ForVisitor(http) with { Culture = PublicTexts.Choose(http.Request.Headers.AcceptLanguage) }, CanMail = outbox.IsConfigured };

    public static RazorComponentResult<ForgottenPage> Page(HttpContext http, ForgottenPageModel model, int status = StatusCodes.Status200OK)
    {
        // What it shows depends on the reader's language.
        http.Response.Headers.Vary = "Accept-Language";
        return PageAnswers.Page<ForgottenPage>(model, status);
    }
}

/// <summary>Asks are counted against the address that is asked for, known or not, and against the place that asks: letters are somebody's peace.</summary>
internal sealed class ResetTries(Throttling throttling, LookupDigest lookup)
{
    private static readonly ThrottleRule ByAccount = new("reset-account", 3, TimeSpan.FromHours(1));
    private static readonly ThrottleRule ByAddress = new("reset-address", 10, TimeSpan.FromMinutes(15));

    public Task<DateTimeOffset?> TakeAsync(string email, System.Net.IPAddress? from, CancellationToken cancellationToken) =>
        throttling.TryAsync([throttling.Address(from) with { Rule = ByAddress }, new ThrottleSubject(ByAccount, lookup.Of(email))], cancellationToken);
}

// Package api is the HTTP interface of greenshield: routes, requests, responses, problem documents and the OpenAPI
// document that is generated from them. It knows people – their language, their uploads, their patience – and the
// limits that protect one from another. It computes no area, decides no rule and writes no SQL; it asks layers and
// its own sub-packages state and job, and says what they answered. It is the only package that knows gin and huma.
package api

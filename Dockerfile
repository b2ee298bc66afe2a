# Tastemaker as a server. The workspace is built beforehand and mounted at /workspace:
#   docker build -t tastemaker .
#   docker run -p 8000:8000 -v $PWD/shop:/workspace -e TASTEMAKER_TOKEN=... tastemaker
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY agent agent
COPY evals evals
COPY prompts prompts
COPY recommenders recommenders
COPY retrieval retrieval
COPY tools tools
COPY ui ui
# PyTorch goes in first and exactly, in its build for CPUs: a range would pull gigabytes of CUDA.
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt \
        --extra-index-url https://download.pytorch.org/whl/cpu torch==2.13.0 \
    && /venv/bin/python -m pip install --no-cache-dir --constraint constraints.txt ".[postgres]"

FROM python:3.11-slim-bookworm
COPY --from=build /venv /venv
RUN useradd --create-home --uid 10001 tastemaker && mkdir /workspace && chown tastemaker /workspace
USER 10001
WORKDIR /home/tastemaker
ENV PATH=/venv/bin:$PATH OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1
EXPOSE 8000
VOLUME ["/workspace"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
ENTRYPOINT ["tastemaker"]
CMD ["serve", "--workspace", "/workspace", "--host", "0.0.0.0", "--port", "8000"]
